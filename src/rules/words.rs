//! The words of the rule language that compute something: one row each, with an example and what happens at the edges.
//!
//! What a word means stands with the type that reads it, and comes into the reference through the schema. Keys that only
//! name, describe or cite are no rows.

/// A word that computes.
#[derive(Clone, Copy, Debug)]
pub struct Word {
    /// The word.
    pub word: &'static str,
    /// Where it is used.
    pub family: Family,
    /// What the numbers around it count.
    pub units: &'static str,
    /// A use of it, in TOML.
    pub example: &'static str,
    /// What happens at the edges.
    pub edges: &'static str,
}

/// Where a word is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Family {
    /// In tests, on rows, groups and results.
    Tests,
    /// To say what is read and grouped.
    Measures,
    /// To say what is taken of rows, groups and months.
    Amounts,
    /// To make numbers of numbers.
    Numbers,
    /// To look at other results.
    Results,
    /// To pay.
    Awards,
    /// To ask for results.
    Requirements,
}

impl Family {
    /// All of them, in the order of the reference.
    pub const ALL: &[Self] =
        &[Self::Tests, Self::Measures, Self::Amounts, Self::Numbers, Self::Results, Self::Awards, Self::Requirements];

    /// The family as a heading.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Tests => "Tests, on rows, groups and results",
            Self::Measures => "What a measure reads and groups",
            Self::Amounts => "What is taken of rows, groups and months",
            Self::Numbers => "Numbers made of numbers",
            Self::Results => "Other months, other results, tracks",
            Self::Awards => "What is paid",
            Self::Requirements => "What a designation asks for",
        }
    }
}

/// Every word that computes, in the order of the reference.
pub const WORDS: &[Word] = &[
    Word {
        word: "all",
        family: Family::Tests,
        units: "none",
        example: "where = { all = [{ column = \"shelf\", in = \"novels\" }, { missing = \"returned\" }] }",
        edges: "Of rows and groups: true or false. Of conditions: false as soon as one is false, undecided where none is false and one is undecided.",
    },
    Word {
        word: "any",
        family: Family::Tests,
        units: "none",
        example: "where = { any = [{ column = \"shelf\", is = \"Poems\" }, { column = \"price\", at-least = 20 }] }",
        edges: "True as soon as one is true; of conditions undecided where none is true and one is undecided. In a requirement it lists requirements of which one is enough.",
    },
    Word {
        word: "not",
        family: Family::Tests,
        units: "none",
        example: "where = { not = { column = \"shelf\", in = \"novels\" } }",
        edges: "A test on a missing cell or amount is false, so its `not` is true. Undecided stays undecided.",
    },
    Word {
        word: "in",
        family: Family::Tests,
        units: "text",
        example: "where = { column = \"shelf\", in = \"novels\" }",
        edges: "A missing cell is in no list. Text compares without case A–Z and needless blanks, unless the column is `exact`. Members hold on the day judged. With `times` it names the list of the rates.",
    },
    Word {
        word: "not-in",
        family: Family::Tests,
        units: "text",
        example: "where = { column = \"shelf\", not-in = \"novels\" }",
        edges: "The opposite of `in`: a missing cell passes.",
    },
    Word {
        word: "is",
        family: Family::Tests,
        units: "text",
        example: "where = { column = \"shelf\", is = \"Poems\" }",
        edges: "One text without a list, or that of another column, `is = { column = \"home\" }`; compares as `in` does. In `[term.x]` and its dated entries it says what the term is.",
    },
    Word {
        word: "missing",
        family: Family::Tests,
        units: "any",
        example: "where = { missing = \"returned\" }",
        edges: "A blank cell, or a text of blanks only. In a column that the whole file lacks and that is `absent = \"keep\"` every test holds.",
    },
    Word {
        word: "at-least",
        family: Family::Tests,
        units: "of what is compared; a day for days",
        example: "having = { value = \"books\", at-least = 5 }",
        edges: "The bound itself passes. A bound is a number, a term's name, or a number made of others; of a group also one of its amounts: `at-least = { value = \"paid\" }`; of a cell also another column of the row, `at-least = { column = \"asked\" }`, or so long after the day in it, `{ column = \"asked\", days = 15 }` or `months`: where either is missing nothing holds. In an award it is the floor, with `met` and `seen` how many.",
    },
    Word {
        word: "more-than",
        family: Family::Tests,
        units: "of what is compared",
        example: "having = { value = \"fees\", more-than = 0 }",
        edges: "The bound itself does not pass.",
    },
    Word {
        word: "at-most",
        family: Family::Tests,
        units: "of what is compared",
        example: "award = { of = \"readers\", points = 10, at-most = 40 }",
        edges: "The bound itself passes. In an award it is the cap, taken after the floor.",
    },
    Word {
        word: "less-than",
        family: Family::Tests,
        units: "of what is compared",
        example: "when = { measure = \"readers\", less-than = 300 }",
        edges: "The bound itself does not pass.",
    },
    Word {
        word: "within",
        family: Family::Tests,
        units: "of what is compared",
        example: "when = { measure = \"fees\", within = \"middle-band\" }",
        edges: "Names a term that is a range, `{ at-least = 750, at-most = 12000 }`: bounds and comparators change together, by day or track.",
    },
    Word {
        word: "valid",
        family: Family::Tests,
        units: "days",
        example: "where = { valid = [\"begun\", \"ended\"] }",
        edges: "Both days count. A missing first day is never valid, a missing last day never ends. With `ago` it asks about the earlier day.",
    },
    Word {
        word: "months-ago",
        family: Family::Tests,
        units: "months",
        example: "where = { column = \"passed\", more-than = { months-ago = 24 }, at-most = { days-ago = 0 } }",
        edges: "A bound for a day: the same day that many months before the day judged, or the last of a shorter month. Never moved by `ago`. With `more-than` it was less than so long ago, with `at-least` so long ago at the most.",
    },
    Word {
        word: "days-ago",
        family: Family::Tests,
        units: "days",
        example: "where = { column = \"passed\", at-least = { days-ago = 90 } }",
        edges: "A bound for a day: so many days before the day judged, which is `{ days-ago = 0 }`. Never moved by `ago`.",
    },
    Word {
        word: "begun",
        family: Family::Tests,
        units: "days",
        example: "where = { column = \"course\", in = \"courses\", begun = \"begun\" }",
        edges: "For lists with `begun-by`: such a member counts only in rows whose day is not later. A missing day does not count.",
    },
    Word {
        word: "given",
        family: Family::Measures,
        units: "text",
        example: "given = \"list\"\nwhere = { column = \"course\", in = \"given\" }",
        edges: "The measure is written once and asked with a list wherever it is used: `{ measure = \"teachers\", given = \"poetry\" }`. One that reads groups passes its list on by `from = { measure = \"teachers\", given = \"given\" }`.",
    },
    Word {
        word: "from",
        family: Family::Measures,
        units: "none",
        example: "from = [\"courses\", \"exams\"]",
        edges: "A table; named rows; several of these, each of a table of its own, read as if they were one table: rows of all of them with equal keys make one group, and an amount with a `from` of its own takes one of them only, so that they may have other columns beside the keys. Or `{ measure = \"x\" }`: the groups that measure keeps, with its keys and amounts as columns. In a list member: the first day.",
    },
    Word {
        word: "where",
        family: Family::Measures,
        units: "none",
        example: "where = { column = \"shelf\", in = \"novels\" }",
        edges: "Of a measure: for all its amounts. Of an amount: in addition, for that amount alone; the group exists all the same. Of an amount over the groups of another measure it tests their amounts: `where = { value = \"copies\", at-least = 5 }`. Of an amount a bound of a column of days may be an amount of the group that stands before: `where = { column = \"returned\", at-most = { value = \"moved\" } }`, by itself or within `all`; where that day is missing, so is the amount.",
    },
    Word {
        word: "group",
        family: Family::Measures,
        units: "text, months, days",
        example: "group = [\"reader\", \"shelf\"]",
        edges: "Always within an entity. Left out: one group of all rows. A group exists where it has a row in any month that an amount looks at; without such a row there is none, not one of 0. A column of months or days groups too: `group = [\"month\"]` counts the months that reach something.",
    },
    Word {
        word: "value",
        family: Family::Measures,
        units: "none",
        example: "value = { books = { sum = \"books\", last = 2 } }",
        edges: "An amount may be made of those that stand before it.",
    },
    Word {
        word: "having",
        family: Family::Measures,
        units: "none",
        example: "having = { all = [{ value = \"books\", at-least = 5 }, { value = \"fees\", at-most = \"cap\" }] }",
        edges: "Left out: every group is kept. An amount that is missing lies within no bounds.",
    },
    Word {
        word: "reduce",
        family: Family::Measures,
        units: "those of the amount; a count for `count`",
        example: "reduce = { mean = \"score\" }",
        edges: "Of no groups the count and the sum are 0; a mean, greatest or least is missing, which pays nothing and meets no bound.",
    },
    Word {
        word: "sum",
        family: Family::Amounts,
        units: "money, counts",
        example: "value = { fees = { sum = \"fees\", last = 12 } }",
        edges: "A covered month without rows is 0. Negative amounts are added as they stand.",
    },
    Word {
        word: "count",
        family: Family::Amounts,
        units: "a count",
        example: "value = { visits = { count = \"rows\", last = 1 } }",
        edges: "`count = \"rows\"` of a table, `count = \"groups\"` of another measure; `reduce = \"count\"` counts the groups that are kept.",
    },
    Word {
        word: "mean",
        family: Family::Amounts,
        units: "of the column",
        example: "value = { score = { mean = \"score\", last = 12 } }",
        edges: "Over the rows that have a cell; missing where none has. An exact fraction, never rounded. With `by-month`: of the monthly sums, months without rows being 0.",
    },
    Word {
        word: "greatest",
        family: Family::Amounts,
        units: "numbers, days, months",
        example: "value = { latest = { greatest = \"passed\" } }",
        edges: "Of nothing it is missing. Of several numbers or awards in a list `[…]` the greatest; what is missing is passed over.",
    },
    Word {
        word: "least",
        family: Family::Amounts,
        units: "numbers, days, months",
        example: "value = { first = { least = \"joined\" } }",
        edges: "As `greatest`, with the least in place of the greatest.",
    },
    Word {
        word: "last",
        family: Family::Amounts,
        units: "months",
        example: "value = { fees = { sum = \"fees\", last = 12 } }",
        edges: "Complete months before the day judged: on 2024-03-01 and on 2024-03-31 the last month is February. A month that the table does not cover makes the result unknown. A column of the type `month` may hold days: only their months count. With `seen`: how many months are looked at.",
    },
    Word {
        word: "ago",
        family: Family::Amounts,
        units: "months",
        example: "award = { of = { minus = [\"readers\", { measure = \"readers\", ago = 12 }] }, points = 10, at-least = 0, at-most = 30 }",
        edges: "Moves windows and `valid`, and nothing else: lists and terms stay those of the day judged. Of an amount it moves that window only.",
    },
    Word {
        word: "at",
        family: Family::Amounts,
        units: "months",
        example: "value = { joined = { least = \"joined\", from = \"members\" }, then = { sum = \"books\", from = \"loans\", last = 24, at = \"joined\" } }",
        edges: "Only that month of the window. Missing where the amount is missing or its month lies outside the window.",
    },
    Word {
        word: "since",
        family: Family::Amounts,
        units: "months",
        example: "value = { joined = { least = \"joined\", from = \"members\" }, after = { sum = \"books\", from = \"loans\", last = 24, since = \"joined\" } }",
        edges: "That month of the window and those after it; the whole window where the month lies before it. Missing where the amount is missing or its month lies after the window.",
    },
    Word {
        word: "by-month",
        family: Family::Amounts,
        units: "of the sum",
        example: "value = { books = { sum = \"books\", last = 2, by-month = \"greatest\" } }",
        edges: "Each month by itself, then `greatest`, `least` or `mean` of them. A month without rows is 0.",
    },
    Word {
        word: "times",
        family: Family::Numbers,
        units: "counts, shares and plain numbers, and at most one amount of money",
        example: "value = { weighted = { sum = \"copies\", times = { column = \"shelf\", in = \"rates\" }, last = 12 } }",
        edges: "Of an amount: each row times the `rate` of the member its cell is; a cell in no list adds nothing. Of several numbers: their product; so many of something at a price are money.",
    },
    Word {
        word: "plus",
        family: Family::Numbers,
        units: "alike; plain numbers take on the unit",
        example: "of = { plus = [{ least = [{ times = [\"basic\", \"0.5\"] }, 300] }, \"advanced\"] }",
        edges: "Unknown where one is unknown, else missing where one is missing. Of awards: their points added.",
    },
    Word {
        word: "minus",
        family: Family::Numbers,
        units: "alike",
        example: "of = { minus = [\"readers\", { measure = \"readers\", ago = 12 }] }",
        edges: "Can be below zero; a floor is an award's `at-least`.",
    },
    Word {
        word: "ratio",
        family: Family::Numbers,
        units: "alike, giving a share; or money by a count, giving money",
        example: "value = { share = { ratio = [\"active\", \"paid\"], no-base = 0 } }",
        edges: "4 of 10 is 0.4. Where the base is zero or below it is `no-base`. By a plain number it keeps its unit: half of a count is a count.",
    },
    Word {
        word: "percent-change",
        family: Family::Numbers,
        units: "alike, giving percent",
        example: "of = { percent-change = [\"fees\", { measure = \"fees\", ago = 12 }], no-base = 0 }",
        edges: "(now − base) × 100 ÷ base. Where the base is zero or below it is `no-base`, with the reason `no-base`.",
    },
    Word {
        word: "no-base",
        family: Family::Numbers,
        units: "of the result",
        example: "of = { percent-change = [\"fees\", { measure = \"fees\", ago = 12 }], no-base = 0 }",
        edges: "Has to be given: there is no silent result of a division by zero.",
    },
    Word {
        word: "met",
        family: Family::Results,
        units: "a count",
        example: "when = { met = [\"a\", \"b\", \"c\"], at-least = 2 }",
        edges: "True when enough are certain, false when not enough are possible, else undecided. Required ones stand beside it in an `all`.",
    },
    Word {
        word: "seen",
        family: Family::Results,
        units: "months",
        example: "when = { seen = \"is-small\", last = 6, at-least = 1 }",
        edges: "The first observation is the day judged, each earlier one the first day after that month, under the edition then in force and its terms. A month of which the data say too little is undecided, not false.",
    },
    Word {
        word: "anniversary",
        family: Family::Results,
        units: "days",
        example: "when = { seen = { attained = \"reading\", requirement = \"designation\" }, last = 6, at-least = 1, anniversary = \"enrolled\" }",
        edges: "The months end before the latest anniversary on or before the day judged; 29 February is kept on the 28th. Undecided where the entity has no such day, or only one after the day judged.",
    },
    Word {
        word: "attained",
        family: Family::Results,
        units: "none",
        example: "when = { attained = \"reading\", program = \"library\" }",
        edges: "What that area asks for on the same day, its own memory included; `seen = { attained = … }` looks at other months. With `requirement` that one, whatever the area asks for: the outcome of today where the area asks for one of the last months. In an area it names the requirement.",
    },
    Word {
        word: "track",
        family: Family::Results,
        units: "none",
        example: "when = { track = \"small\" }",
        edges: "True while the area is scored on that track; false in areas without it. `[track.x]` says who is on it and what terms are there.",
    },
    Word {
        word: "term",
        family: Family::Results,
        units: "those of what it stands beside, the same everywhere",
        example: "[term.head-count]\nis = [{ until = 2024-11-30, is = 1 }, { is = 2 }]",
        edges: "A bare name in a bound or award is a term's; in a number made of others it is written `{ term = \"x\" }`. A track's `sets` comes before its `is`.",
    },
    Word {
        word: "sets",
        family: Family::Results,
        units: "none",
        example: "[track.small]\nsets = { head-count = [{ until = 2024-11-30, is = 1 }, { is = 2 }], band = { at-least = 750, at-most = 12000 }, courses = \"small-courses\" }",
        edges: "Numbers, ranges and lists, by the names of terms; each can change on a day, as a term can. A term without `is` has to be set by every track of each area that reads it.",
    },
    Word {
        word: "choose",
        family: Family::Results,
        units: "none",
        example: "tracks = [\"small\", \"large\"]\nchoose = \"first\"",
        edges: "`first`: the first track whose `when` holds; the last has none. `best-total`, `best-attained`: all that hold are scored, and the better counts; of equals one that is attained, then the one listed first. One track alone needs no `choose`: who is not on it gets nothing. Undecided between tracks: the score lies between theirs.",
    },
    Word {
        word: "of",
        family: Family::Awards,
        units: "any but days",
        example: "award = { of = \"readers\", points = 10, at-most = 40 }",
        edges: "Left out: the points are paid once. A missing number counts as 0, with the reason `no-number`; an unknown one leaves the points between the floor and the cap.",
    },
    Word {
        word: "points",
        family: Family::Awards,
        units: "points",
        example: "award = { of = \"readers\", points = 15, per = 7, at-most = 15 }",
        edges: "Exact: 7 of 7 is 15, 1 of 7 is 15/7, shown as 2.142857 and as the fraction.",
    },
    Word {
        word: "per",
        family: Family::Awards,
        units: "of the number paid for",
        example: "award = { of = \"growth\", points = 30, per = 1000, at-most = 30 }",
        edges: "1 where left out; above zero.",
    },
    Word {
        word: "step",
        family: Family::Awards,
        units: "of the number paid for",
        example: "award = { of = \"growth\", points = 1, step = 1, at-least = 0, at-most = 20 }",
        edges: "Rounds down to whole steps, toward minus infinity. Left out: in proportion.",
    },
    Word {
        word: "when",
        family: Family::Awards,
        units: "none",
        example: "award = { points = 4, when = \"audited\" }",
        edges: "Where it does not hold nothing is paid, whatever the floor; where it is undecided the points lie between. In a condition and a track it is the test itself.",
    },
    Word {
        word: "total-at-least",
        family: Family::Requirements,
        units: "points",
        example: "[requirement.designation]\ntotal-at-least = 70",
        edges: "Undecided while the total could lie on either side.",
    },
    Word {
        word: "each-metric-at-least",
        family: Family::Requirements,
        units: "points",
        example: "[requirement.designation]\neach-metric-at-least = 1",
        edges: "A metric that does not apply is asked for nothing.",
    },
    Word {
        word: "each-metric-more-than",
        family: Family::Requirements,
        units: "points",
        example: "[requirement.designation]\neach-metric-more-than = 0",
        edges: "As `each-metric-at-least`, without the number itself.",
    },
    Word {
        word: "category-more-than",
        family: Family::Requirements,
        units: "points",
        example: "[requirement.designation]\ncategory-more-than = { lending = 0, teaching = 0 }",
        edges: "As `category-at-least`, without the number itself. Its key in results is `category-more-than.lending`.",
    },
    Word {
        word: "category-at-least",
        family: Family::Requirements,
        units: "points",
        example: "[requirement.designation]\ncategory-at-least = { lending = 20 }",
        edges: "The points of the category's metrics together. Its key in results is `category-at-least.lending`.",
    },
    Word {
        word: "conditions",
        family: Family::Requirements,
        units: "none",
        example: "[requirement.designation]\nconditions = [\"audited\", \"enough-teachers\"]",
        edges: "Named conditions; their names are the keys in results.",
    },
    Word {
        word: "waived",
        family: Family::Requirements,
        units: "none",
        example: "[requirement.designation]\nconditions = [\"audited\"]\nwaived = { attained = \"reading\" }",
        edges: "Where it holds everything is met; where it is undecided nothing is unmet, only undecided.",
    },
];

/// The keys that compute nothing: they name, describe, cite, date or list.
pub const PLAIN: &[&str] = &[
    "absent",
    "aliases",
    "area",
    "award",
    "basis",
    "begun-by",
    "category",
    "chosen",
    "cite",
    "column",
    "columns",
    "complete",
    "condition",
    "currency",
    "days",
    "edition",
    "entity",
    "format",
    "id",
    "in-force",
    "instead",
    "interpretation",
    "list",
    "lists",
    "max-points",
    "measure",
    "members",
    "metric",
    "metrics",
    "month",
    "months",
    "not-applicable",
    "program",
    "published",
    "question",
    "rate",
    "required",
    "requirement",
    "rows",
    "source",
    "table",
    "title",
    "touches",
    "tracks",
    "until",
    "url",
    "why",
];
