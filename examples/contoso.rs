//! Makes up a partner, Contoso, with two years of usage and the certifications of its people, and writes it twice.
//!
//! `cargo run --example contoso [FOLDER]` writes two folders into the folder, which is `examples` unless another is
//! given: the same bytes each time. `contoso` holds the portal's two downloads as they come, `contoso-plain` the same
//! partner as plain tables. Both score the same. Only the partner's name differs: the downloads give it as a number in
//! each row; the plain tables have no column for it, so their folder's name stands for it.
//!
//! Judged on 2023-07-01, one area is attained, one is four points short, and one has points enough but none for
//! advanced certifications, because the one holder let the certification expire. Judged on 2023-06-20 (`--as-of`), all
//! three are attained.

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

/// The offers that never count. The downloads name no offers, so a row under one of these would count there: this
/// portal lists paid consumption only and has no such rows.
const NEVER_COUNTED: [&str; 4] = ["Support", "Internal", "Benefit Program", "Trial"];

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

/// The titles that the portal prints for ids. The one of the data analysts was renamed; both names mean the same.
const TITLES: [(&str, &str); 18] = [
    ("azure-administrator", "Azure Administrator Associate"),
    ("azure-ai-engineer", "Azure AI Engineer Associate"),
    ("azure-ai-fundamentals", "Azure AI Fundamentals"),
    ("azure-cosmos-db-developer-specialty", "Azure Cosmos DB Developer Specialty"),
    ("azure-data-engineer", "Azure Data Engineer Associate"),
    ("azure-data-scientist", "Azure Data Scientist Associate"),
    ("azure-database-administrator-associate", "Azure Database Administrator Associate"),
    ("azure-developer", "Azure Developer Associate"),
    ("azure-fundamentals", "Azure Fundamentals"),
    ("azure-iot-developer-specialty", "Azure IoT Developer Specialty"),
    ("azure-network-engineer-associate", "Azure Network Engineer Associate"),
    ("azure-security-engineer", "Azure Security Engineer Associate"),
    ("azure-solutions-architect", "Azure Solutions Architect Expert"),
    ("azure-stack-hub-operator", "Azure Stack Hub Operator Associate"),
    ("azure-virtual-desktop-specialty", "Azure Virtual Desktop Specialty"),
    ("data-analyst-associate", "Power BI Data Analyst Associate"),
    ("devops-engineer", "DevOps Engineer Expert"),
    ("windows-server-hybrid-administrator", "Windows Server Hybrid Administrator Associate"),
];

/// Exams, which the portal lists beside certifications. They have no day of expiry.
const EXAMS: &str = "\
ana.silva@contoso.example,AZ-305: Designing Microsoft Azure Infrastructure Solutions,2022-03-14,
sofia.rossi@contoso.example,DP-203: Data Engineering on Microsoft Azure,2022-10-06,
ines.carvalho@contoso.example,AZ-104: Microsoft Azure Administrator,2023-04-18,
diego.morales@contoso.example,AI-102: Designing and Implementing a Microsoft Azure AI Solution,2023-01-31,
";

/// Rows that lack the number of the person's certification profile and have the address only: one of two rows of the
/// first two people, who would each count twice if the address were somebody else's, and every row of the others.
const WITHOUT_PROFILE: [(&str, &str); 4] = [
    ("sofia.rossi@contoso.example", "azure-database-administrator-associate"),
    ("clara.weiss@contoso.example", "azure-developer"),
    ("tomas.lind@contoso.example", "azure-data-engineer"),
    ("kate.murphy@contoso.example", "azure-ai-fundamentals"),
];

/// The partner's account and its one location, as the portal numbers them.
const PARTNER: &str = "4567890";
const LOCATION: &str = "4567891";

/// The columns of the download of usage.
const PORTAL_USAGE: &str = "\
PGAMpnID MPNID PartnerName PartnerLocation SubscriptionId SubscriptionStartDate SubscriptionEndDate FirstUseDate \
SubscriptionState Month ServiceLevel1 ServiceLevel2 ServiceLevel3 ServiceLevel4 ServiceGroup2 ServiceGroup3 \
ServiceInfluencer ComputeOS ComputeCoreSoftware UsageUnits UsageQuantity CustomerName CustomerTenantId CustomerTpid \
CustomerSegment CustomerMarket IndustryName PartnerAttributionType SalesChannel AdminType AssociationType \
IsACRDuplicateAtPGALevel IsACRDuplicateAtPGAAttachTypeLevel IsACRDuplicateAtMPNLevel MonthlySubscriptionLevelACR ACR_USD";

/// The columns of the download of trainings, exams and certifications.
const PORTAL_TRAININGS: &str = "\
PGAMpnId TrainingActivityId TrainingTitle TrainingType IndividualFirstName IndividualLastName Email CorpEmail \
TrainingCompletionDate ExpirationDate ActivationStatus Month IcMCP MCPID MpnId PartnerName PartnerCityLocation \
PartnerCountryLocation";

const BYTE_ORDER_MARK: &str = "\u{feff}";

fn main() -> io::Result<()> {
    let folder = env::args_os().nth(1).map_or_else(|| PathBuf::from("examples"), PathBuf::from);
    let (portal, plain) = (folder.join("contoso"), folder.join("contoso-plain"));
    fs::create_dir_all(&portal)?;
    fs::create_dir_all(&plain)?;
    let (usage, trainings) = (usage(), trainings());

    let table = lines("tenant service offer association month acr", ",", "\n", usage.iter(), plain_usage);
    fs::write(plain.join("usage.csv"), table)?;
    let certifications = trainings.iter().filter(|training| training.kind == "certification");
    let table = lines("person certification earned expires", ",", "\n", certifications, plain_certification);
    fs::write(plain.join("certifications.csv"), table)?;

    let table = lines(PORTAL_USAGE, "\t", "\r\n", listed(&usage).iter(), portal_usage);
    fs::write(portal.join("Azure usage.tsv"), format!("{BYTE_ORDER_MARK}{table}"))?;
    let table = lines(PORTAL_TRAININGS, ",", "\r\n", trainings.iter(), portal_training);
    fs::write(portal.join("Trainings and certifications.csv"), format!("{BYTE_ORDER_MARK}{table}"))?;
    writeln!(io::stdout(), "wrote {} and {}", portal.display(), plain.display())
}

/// What a customer consumed of a service in a month.
#[derive(Clone)]
struct Usage {
    tenant: String,
    service: String,
    offer: String,
    association: String,
    month: String,
    amount: String,
    /// Whether the amount stands in another row already, under another association.
    is_repeated: bool,
}

impl Usage {
    fn new(cells: [&str; 6]) -> Self {
        let [tenant, service, offer, association, month, amount] = cells.map(str::to_owned);
        Self { tenant, service, offer, association, month, amount, is_repeated: false }
    }
}

/// What a person completed: a certification or an exam.
struct Training {
    kind: &'static str,
    person: &'static str,
    name: &'static str,
    earned: &'static str,
    expires: &'static str,
}

/// The usage: every month of every customer, service by service, and after them the single rows.
fn usage() -> Vec<Usage> {
    let mut random = Random(20_230_613);
    let mut rows = Vec::new();
    for customer in &CUSTOMERS {
        let &(tenant, association, first, last, dollars, growth, season, services) = customer;
        let mut level = dollars * 1_000_000; // millionths, so that no amount needs a fraction
        for number in first..=last {
            let (month, seasonal) = calendar(number, season);
            for &(service, share) in services {
                let name = spelled(service, &mut random);
                let amount = level / 1000 * share / 1000 * seasonal / 1000 * random.between(930, 1070);
                let amount = money(amount, &mut random);
                rows.push(Usage::new([tenant, &name, offer(service, tenant), association, &month, &amount]));
            }
            if number % 3 == first % 3 && dollars > 5000 {
                // Billed every quarter.
                rows.push(Usage::new([tenant, "Support", "Support", association, &month, "300.00"]));
            }
            level += level / 1000 * growth;
        }
    }
    rows.extend(cells(SINGLE_ROWS).map(Usage::new));
    rows
}

/// The certifications, and after them the exams.
fn trainings() -> Vec<Training> {
    let kinds = [("certification", CERTIFICATIONS), ("exam", EXAMS)];
    let of_a_kind = |(kind, text)| {
        cells(text).map(move |[person, name, earned, expires]| Training { kind, person, name, earned, expires })
    };
    kinds.into_iter().flat_map(of_a_kind).collect()
}

/// The lines of a text, each with its cells.
fn cells<const N: usize>(text: &str) -> impl Iterator<Item = [&str; N]> {
    text.lines().filter_map(|line| line.split(',').collect::<Vec<_>>().try_into().ok())
}

/// A file: its header, and a line for each row, with what the row has in each column.
fn lines<'a, Row: 'a>(
    columns: &str,
    between: &str,
    end: &str,
    rows: impl Iterator<Item = &'a Row>,
    cell: fn(&Row, &str) -> String,
) -> String {
    let header = columns.split(' ').collect::<Vec<_>>().join(between) + end;
    let line = |row| {
        let cells = columns.split(' ').map(|column| quoted(cell(row, column), between));
        cells.collect::<Vec<_>>().join(between) + end
    };
    header + &rows.map(line).collect::<String>()
}

/// A cell; one that holds what stands between cells is quoted.
fn quoted(cell: String, between: &str) -> String {
    if cell.contains(between) { format!("\"{cell}\"") } else { cell }
}

fn plain_usage(row: &Usage, column: &str) -> String {
    let cell = match column {
        "tenant" => &row.tenant,
        "service" => &row.service,
        "offer" => &row.offer,
        "association" => &row.association,
        "month" => &row.month,
        _ => &row.amount,
    };
    cell.clone()
}

fn plain_certification(row: &Training, column: &str) -> String {
    let cell = match column {
        "person" => row.person,
        "certification" => row.name,
        "earned" => row.earned,
        _ => row.expires,
    };
    cell.to_owned()
}

/// The rows that the portal lists. One customer came to be associated twice in the spring of 2023: its amounts of those
/// months stand there twice, and all but the first are marked.
fn listed(usage: &[Usage]) -> Vec<Usage> {
    let mut rows = Vec::new();
    for row in usage.iter().filter(|row| !NEVER_COUNTED.iter().any(|offer| offer.eq_ignore_ascii_case(&row.offer))) {
        rows.push(row.clone());
        if row.tenant == "humongous-insurance.example" && row.month.as_str() >= "2023-04" {
            rows.push(Usage { association: "DPOR".to_owned(), is_repeated: true, ..row.clone() });
        }
    }
    rows
}

/// Columns that are not named stay empty, as most are in a real download.
fn portal_usage(row: &Usage, column: &str) -> String {
    let subscription = format!("subscription of {}", row.tenant);
    let mark = if row.is_repeated { "1" } else { "0" };
    let cell = match column {
        "PGAMpnID" => PARTNER,
        "MPNID" => LOCATION,
        "PartnerName" => "Contoso",
        "SubscriptionId" => &guid(&subscription),
        "SubscriptionState" => "Active",
        "Month" => &first_day(&row.month),
        "ServiceLevel1" => "Azure",
        "ServiceLevel2" => &row.service,
        "CustomerName" => &name(&row.tenant),
        "CustomerTenantId" => &guid(&row.tenant),
        "CustomerMarket" => "United States",
        "PartnerAttributionType" => attribution(&row.association),
        "AdminType" if attribution(&row.association) == "Partner admin link" => "Owner",
        "IsACRDuplicateAtPGALevel" | "IsACRDuplicateAtMPNLevel" => mark,
        "IsACRDuplicateAtPGAAttachTypeLevel" => "0",
        "ACR_USD" => &row.amount,
        _ => "",
    };
    cell.to_owned()
}

/// The first day of a month, as the portal writes it.
fn first_day(month: &str) -> String {
    let (year, month) = month.split_once('-').unwrap_or_default();
    format!("{}/1/{year}", month.trim_start_matches('0'))
}

/// The portal's word for an association.
fn attribution(association: &str) -> &'static str {
    match association.to_lowercase().as_str() {
        "csp" | "csp tier 1" => "CSP Tier 1",
        "csp tier 2" => "CSP Tier 2",
        "dpor" | "digital partner of record" => "Partner of record",
        "pal" | "partner admin link" => "Partner admin link",
        _ => "Deal registration",
    }
}

/// Columns that are not named stay empty.
fn portal_training(row: &Training, column: &str) -> String {
    let has_profile = !WITHOUT_PROFILE.contains(&(row.person, row.name));
    let full_name = name(row.person);
    let (first, last) = full_name.split_once(' ').unwrap_or_default();
    let cell = match column {
        "PGAMpnId" => PARTNER,
        "TrainingActivityId" => &guid(title(row.name)),
        "TrainingTitle" => &full_title(row),
        "TrainingType" => row.kind,
        "IndividualFirstName" => first,
        "IndividualLastName" => last,
        // Who typed the address typed it with capitals.
        "Email" if !has_profile => &format!("{first}.{last}@contoso.example"),
        "Email" | "CorpEmail" => row.person,
        "TrainingCompletionDate" => &midnight(row.earned),
        "ExpirationDate" => &midnight(row.expires),
        "MCPID" if has_profile => &Random::of(row.person).between(990_000_000, 999_999_999).to_string(),
        "MCPID" => "NULL",
        "MpnId" => LOCATION,
        "PartnerName" => "Contoso",
        "PartnerCountryLocation" => "United States",
        _ => "",
    };
    cell.to_owned()
}

/// The portal's title for an id; what is no id is a title already.
fn title(name: &str) -> &str {
    TITLES.iter().find(|(id, _)| *id == name).map_or(name, |(_, title)| title)
}

/// The title with the company's name before it, which exams and the oldest rows lack.
fn full_title(row: &Training) -> String {
    let title = title(row.name);
    let is_old = row.earned < "2022";
    if row.kind == "exam" || is_old { title.to_owned() } else { format!("Microsoft Certified: {title}") }
}

/// A day as the portal writes it, with the time at which it begins.
fn midnight(day: &str) -> String {
    if day.is_empty() { String::new() } else { format!("{day}T00:00:00") }
}

/// The name behind an address: `ana.silva@contoso.example` is Ana Silva, `fourth-coffee.example` is Fourth Coffee.
fn name(address: &str) -> String {
    let address = address.split('@').next().unwrap_or(address).trim_end_matches(".example");
    let capital = |word: &str| word.chars().take(1).flat_map(char::to_uppercase).chain(word.chars().skip(1)).collect();
    address.split(['-', '.']).map(capital).collect::<Vec<String>>().join(" ")
}

/// An identifier of the usual form, the same for the same text.
fn guid(text: &str) -> String {
    let mut random = Random::of(text);
    let mut next = |low, high| random.between(low, high);
    let (a, b, c, d) = (next(0, 0xffff_ffff), next(0, 0xffff), next(0x4000, 0x4fff), next(0x8000, 0xbfff));
    format!("{a:08x}-{b:04x}-{c:04x}-{d:04x}-{:08x}{:04x}", next(0, 0xffff_ffff), next(0, 0xffff))
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

/// A linear congruential generator (Knuth's MMIX): the same numbers everywhere and always.
struct Random(u64);

impl Random {
    /// Numbers of a text's own: its bytes mixed into a start (FNV).
    fn of(text: &str) -> Self {
        let mix = |start: u64, byte| (start ^ u64::from(byte)).wrapping_mul(1_099_511_628_211);
        Self(text.bytes().fold(14_695_981_039_346_656_037, mix))
    }

    /// A number from `low` to `high`, both included.
    fn between(&mut self, low: i64, high: i64) -> i64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let high_bits = u32::try_from(self.0 >> 32).unwrap_or(0); // the low ones repeat too soon
        low + i64::from(high_bits) % (high - low + 1)
    }
}
