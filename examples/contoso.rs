//! Makes up a partner, Contoso, with two years of usage and the certifications of its people.
//!
//! `cargo run --example contoso [FOLDER]` writes `usage.csv` and `certifications.csv` into the folder, which is
//! `examples/contoso` unless another is given: the same bytes each time. The tables have no column for the partner,
//! so the folder's name stands for it. Judged on 2023-07-01, one area is attained, one is four points short, and one
//! has points enough but none for advanced certifications, because the one holder let the certification expire. Judged
//! on 2023-06-20 (`--as-of`), all three are attained.

use std::io::{self, Write as _};
use std::path::PathBuf;
use std::{env, fs};

/// A share of a customer's consumption, in thousandths, for each service.
type Mix = &'static [(&'static str, i64)];

const WEB: Mix = &[
    ("Azure App Service", 380),
    ("SQL Database", 290),
    ("Storage", 120),
    ("Azure Monitor", 80),
    ("Key Vault", 10),
    ("Bandwidth", 120),
];
const SERVERS: Mix = &[
    ("Virtual Machines", 520),
    ("Virtual Machines Licenses", 160),
    ("Storage", 170),
    ("VPN Gateway", 50),
    ("Azure Backup", 100),
];
const DATA: Mix = &[
    ("Azure Synapse Analytics", 310),
    ("Azure Databricks", 240),
    ("Azure Data Factory", 110),
    ("Storage", 190),
    ("Azure Machine Learning", 100),
    ("Virtual Machines", 50),
];
const CONTAINERS: Mix = &[
    ("Azure Kubernetes Service", 120),
    ("Virtual Machines", 430),
    ("Azure Cosmos DB", 260),
    ("Container Registry", 20),
    ("Load Balancer", 70),
    ("Log Analytics", 100),
];

/// Consumption by calendar month, January first, in thousandths of the customer's level.
type Season = [i64; 12];

const EVEN: Season = [1000, 980, 1010, 1000, 1005, 1000, 990, 985, 1000, 1010, 1005, 1015];
const RETAIL: Season = [900, 880, 920, 940, 960, 970, 960, 980, 1040, 1120, 1360, 1410];
const SCHOOL: Season = [1080, 1090, 1100, 1060, 1000, 860, 620, 650, 1120, 1160, 1130, 960];
const TRAVEL: Season = [880, 900, 960, 1020, 1100, 1210, 1290, 1240, 1060, 960, 880, 930];

/// A customer: tenant, association, first and last month, US dollars in the first month, monthly growth in
/// thousandths, season, services.
type Customer = (&'static str, &'static str, u32, u32, i64, i64, Season, Mix);

/// The months are numbered from 0, which is July 2021, to 23.
const CUSTOMERS: [Customer; 25] = [
    ("northwind-traders.example", "CSP Tier 1", 0, 23, 8200, 9, RETAIL, WEB),
    ("adventure-works.example", "CSP Tier 1", 0, 23, 6400, 12, RETAIL, CONTAINERS),
    ("fabrikam.example", "PAL", 0, 23, 11900, 6, EVEN, SERVERS),
    ("tailspin-toys.example", "CSP Tier 1", 0, 23, 3100, 10, RETAIL, WEB),
    ("woodgrove-bank.example", "DPOR", 0, 23, 14700, 4, EVEN, DATA),
    ("humongous-insurance.example", "Partner Admin Link", 0, 23, 9800, 7, EVEN, SERVERS),
    ("blue-yonder-airlines.example", "PAL", 0, 23, 7600, 8, TRAVEL, CONTAINERS),
    ("margies-travel.example", "CSP Tier 2", 0, 23, 2400, 11, TRAVEL, WEB),
    ("bellows-college.example", "CSP Tier 1", 0, 23, 4300, 5, SCHOOL, SERVERS),
    ("school-of-fine-art.example", "CSP Tier 2", 0, 23, 1450, 6, SCHOOL, WEB),
    ("lucerne-publishing.example", "CSP", 0, 23, 2900, -6, EVEN, WEB),
    ("wide-world-importers.example", "CSP Tier 1", 0, 23, 5200, 13, EVEN, DATA),
    // Small: the one never reaches 1,000 in a month, the other's two newest months only do so together.
    ("munsons-pickles.example", "CSP Tier 1", 0, 23, 310, 5, EVEN, WEB),
    ("fourth-coffee.example", "CSP Tier 1", 2, 23, 560, 12, EVEN, WEB),
    // Left within the two years.
    ("southridge-video.example", "CSP Tier 2", 0, 8, 3600, -20, EVEN, CONTAINERS),
    ("litware.example", "CSP Tier 1", 0, 15, 5100, -14, EVEN, SERVERS),
    ("the-phone-company.example", "DPOR", 0, 18, 6900, 0, EVEN, DATA),
    // Came within the two years: these before June 2022, the others after it.
    ("coho-winery.example", "CSP Tier 1", 4, 23, 1700, 14, RETAIL, WEB),
    ("relecloud.example", "PAL", 7, 23, 8800, 10, EVEN, CONTAINERS),
    ("trey-research.example", "Digital Partner of Record", 12, 23, 5400, 19, EVEN, DATA),
    ("vanarsdel.example", "CSP Tier 1", 13, 23, 2300, 15, EVEN, SERVERS),
    ("alpine-ski-house.example", "csp tier 2", 15, 23, 1900, 25, EVEN, WEB),
    ("proseware.example", "CSP Tier 1", 17, 23, 3400, 30, EVEN, CONTAINERS),
    ("city-power-light.example", "PAL", 20, 23, 2600, 35, EVEN, DATA),
    // Sold by registering a deal, which is no association that counts.
    ("consolidated-messenger.example", "Deal registration", 6, 23, 12400, 10, EVEN, SERVERS),
];

/// Rows of a kind of their own: trials, benefits, refunds. The one to the school leaves it 1,000 in May 2023 only, and
/// Azure Media Services nets to nothing, so it is no deployment.
const SINGLE_ROWS: &str = "\
proseware.example,Azure Kubernetes Service,Trial,CSP Tier 1,2022-10,184.22
proseware.example,Azure Cosmos DB,Trial,CSP Tier 1,2022-11,97.5031
city-power-light.example,Azure Databricks,trial,PAL,2023-02,412.40
contoso.example,Azure App Service,Internal,CSP Tier 1,2022-06,2140.77
contoso.example,Azure App Service,Internal,CSP Tier 1,2023-06,2388.09
contoso.example,Azure DevOps,Benefit Program,CSP Tier 1,2023-06,150.00
northwind-traders.example,Azure App Service,Microsoft Azure Plan,CSP Tier 1,2022-12,-1240.505
woodgrove-bank.example,Azure Synapse Analytics,Microsoft Azure Plan,DPOR,2022-03,-2310.66
woodgrove-bank.example,Azure Synapse Analytics,Microsoft Azure Plan,DPOR,2023-05,-845.9975
lucerne-publishing.example,Azure Media Services,Microsoft Azure Plan,CSP,2022-09,412.118
lucerne-publishing.example,Azure Media Services,Microsoft Azure Plan,CSP,2022-10,-412.118
school-of-fine-art.example,Azure App Service,Microsoft Azure Plan,CSP Tier 2,2023-06,-618.4
the-phone-company.example,Azure Databricks,Microsoft Azure Plan,DPOR,2023-01,-390.12
";

/// The certifications: most by id, some by title, as if a few were typed by hand. The days lie around 2023-07-01: some
/// run out on it, shortly before it or soon after, and one is earned after it.
const CERTIFICATIONS: &str = "\
ana.silva@contoso.example,azure-solutions-architect,2022-03-14,2024-03-14
ana.silva@contoso.example,azure-administrator,2021-11-02,2023-11-02
henrik.berg@contoso.example,Azure Solutions Architect Expert,2022-09-20,2023-09-20
henrik.berg@contoso.example,azure-network-engineer-associate,2022-12-05,2023-12-05
joao.pereira@contoso.example,azure-solutions-architect,2021-05-30,2023-05-30
joao.pereira@contoso.example,azure-fundamentals,2020-10-08,
mei.tanaka@contoso.example,azure-administrator,2022-07-01,2023-07-01
mei.tanaka@contoso.example,windows-server-hybrid-administrator,2022-08-19,2023-08-19
lukas.novak@contoso.example,azure-administrator,2022-02-10,2023-02-10
lukas.novak@contoso.example,azure-stack-hub-operator,2022-10-27,2023-10-27
lukas.novak@contoso.example,windows-server-hybrid-administrator,2023-01-16,2024-01-16
priya.raman@contoso.example,Azure Administrator Associate,2022-11-11,2023-11-11
priya.raman@contoso.example,Azure Network Engineer Associate,2023-03-03,2024-03-03
owen.clarke@contoso.example,windows-server-hybrid-administrator,2023-04-21,2024-04-21
owen.clarke@contoso.example,azure-virtual-desktop-specialty,2022-06-28,2023-06-28
sofia.rossi@contoso.example,azure-data-engineer,2022-10-06,2023-10-06
sofia.rossi@contoso.example,azure-database-administrator-associate,2023-02-17,2024-02-17
tomas.lind@contoso.example,azure-data-engineer,2022-08-30,2023-08-30
amira.haddad@contoso.example,azure-data-scientist,2022-12-12,2023-12-12
amira.haddad@contoso.example,azure-ai-engineer,2023-05-09,2024-05-09
ben.okafor@contoso.example,Data Analyst Associate,2022-09-01,2023-09-01
clara.weiss@contoso.example,azure-cosmos-db-developer-specialty,2022-11-23,2023-11-23
clara.weiss@contoso.example,azure-developer,2022-07-28,2023-07-28
diego.morales@contoso.example,azure-ai-engineer,2023-01-31,2024-01-31
elin.dahl@contoso.example,azure-data-engineer,2022-04-04,2023-04-04
farid.nasser@contoso.example,Azure Developer Associate,2023-02-08,2024-02-08
farid.nasser@contoso.example,power-platform-developer-associate,2023-03-29,2024-03-29
grace.nyambura@contoso.example,azure-developer,2022-06-30,2023-06-30
grace.nyambura@contoso.example,azure-iot-developer-specialty,2022-09-15,2023-09-15
grace.nyambura@contoso.example,devops-engineer,2022-10-19,2023-10-19
hugo.martin@contoso.example,devops-engineer,2021-06-18,2023-06-18
ines.carvalho@contoso.example,azure-fundamentals,2022-01-25,
ines.carvalho@contoso.example,data-analyst-associate,2023-07-10,2024-07-10
jan.kowalski@contoso.example,azure-security-engineer,2022-12-01,2023-12-01
kate.murphy@contoso.example,azure-ai-fundamentals,2023-03-15,
";

fn main() -> io::Result<()> {
    let folder = env::args_os().nth(1).map_or_else(|| PathBuf::from("examples/contoso"), PathBuf::from);
    fs::create_dir_all(&folder)?;
    fs::write(folder.join("usage.csv"), usage())?;
    fs::write(folder.join("certifications.csv"), format!("person,certification,earned,expires\n{CERTIFICATIONS}"))?;
    writeln!(io::stdout(), "wrote usage.csv and certifications.csv into {}", folder.display())
}

/// The table of usage: every month of every customer, service by service, and after them the single rows.
fn usage() -> String {
    let mut random = Random(20_230_613);
    let mut table = String::from("tenant,service,offer,association,month,acr\n");
    for customer in &CUSTOMERS {
        let &(tenant, association, first, last, dollars, growth, season, services) = customer;
        let mut level = dollars * 1_000_000; // millionths, so that no amount needs a fraction
        for number in first..=last {
            let (month, seasonal) = calendar(number, season);
            for &(service, share) in services {
                let name = spelled(service, &mut random);
                let amount = level / 1000 * share / 1000 * seasonal / 1000 * random.between(930, 1070);
                let amount = money(amount, &mut random);
                row(&mut table, &[tenant, &name, offer(service, tenant), association, &month, &amount]);
            }
            if number % 3 == first % 3 && dollars > 5000 {
                row(&mut table, &[tenant, "Support", "Support", association, &month, "300.00"]); // billed every quarter
            }
            level += level / 1000 * growth;
        }
    }
    table + SINGLE_ROWS
}

/// The month as text, and what the season makes of it.
fn calendar(number: u32, season: Season) -> (String, i64) {
    let since_january = number + 6;
    let (year, month) = (2021 + since_january / 12, since_january % 12);
    let seasonal = season.into_iter().zip(0..).find(|&(_, at)| at == month).map_or(1000, |(seasonal, _)| seasonal);
    (format!("{year}-{:02}", month + 1), seasonal)
}

/// Long-lived machines of two customers are reserved; the comma in that offer's name makes a quoted cell.
fn offer(service: &str, tenant: &str) -> &'static str {
    match (service, tenant) {
        ("Virtual Machines", "fabrikam.example" | "relecloud.example") => "Azure Reservation, 1 year",
        ("Virtual Machines" | "Azure Databricks", "woodgrove-bank.example") => "Azure Savings Plan, 3 years",
        _ => "Microsoft Azure Plan",
    }
}

/// Now and then a name in another spelling, as real exports have them.
fn spelled(service: &str, random: &mut Random) -> String {
    match (random.between(0, 99), service) {
        (0, _) => service.to_lowercase(),
        (1, _) => service.to_uppercase(),
        (2, _) => service.replace(' ', "  "),
        (3..20, "Virtual Machines Licenses") => "Virtual Machine Licenses".to_owned(),
        _ => service.to_owned(),
    }
}

/// Millionths as a decimal number of two to six places.
fn money(millionths: i64, random: &mut Random) -> String {
    let (places, unit) = match random.between(0, 9) {
        0..6 => (2, 10_000),
        6 => (3, 1000),
        7 => (4, 100),
        8 => (5, 10),
        _ => (6, 1),
    };
    format!("{}.{:0places$}", millionths / 1_000_000, millionths % 1_000_000 / unit)
}

/// One line; a cell that holds a comma is quoted.
fn row(table: &mut String, cells: &[&str]) {
    let quoted = cells.iter().map(|cell| if cell.contains(',') { format!("\"{cell}\"") } else { (*cell).to_owned() });
    table.push_str(&quoted.collect::<Vec<_>>().join(","));
    table.push('\n');
}

/// A linear congruential generator (Knuth's MMIX): the same numbers everywhere and always.
struct Random(u64);

impl Random {
    /// A number from `low` to `high`, both included.
    fn between(&mut self, low: i64, high: i64) -> i64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let high_bits = u32::try_from(self.0 >> 32).unwrap_or(0); // the low ones repeat too soon
        low + i64::from(high_bits) % (high - low + 1)
    }
}
