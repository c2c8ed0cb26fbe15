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
}

impl Family {
    /// All of them, in the order of the reference.
    pub const ALL: &[Self] = &[Self::Tests, Self::Measures, Self::Amounts, Self::Numbers, Self::Results, Self::Awards];

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
        edges: "True as soon as one is true; of conditions undecided where none is true and one is undecided.",
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
        units: "text; of ranges those of what is compared",
        example: "where = { all = [{ column = \"shelf\", in = \"novels\" }, { column = \"price\", in = \"middle-band\" }] }",
        edges: "A list, or a term that is one or a range, `{ at-least = 750, at-most = 12000 }`: bounds and comparators of a range change together, by day or track. A missing cell is in no list and no range. Text compares without case A–Z and needless blanks, unless the column is `exact`. Members hold on the day judged. With `times` it names the list of the rates. Of groups and results it names a range.",
    },
    Word {
        word: "not-in",
        family: Family::Tests,
        units: "text",
        example: "where = { column = \"shelf\", not-in = \"novels\" }",
        edges: "The opposite of `in`: a missing cell passes.",
    },
    Word {
        word: "begins",
        family: Family::Tests,
        units: "text",
        example: "[list.counted]\nmembers = [\"Poems\", { begins = \"NOV-\", except = [\"NOV-TRIAL\"] }]",
        edges: "In a list: all texts that begin so, but for those under `except`. A member that is named counts as it says; of two beginnings the longer. Compares as the column does.",
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
        edges: "A blank cell, or a text of blanks only; of a group an amount that does not exist: `{ missing = \"mean\" }`. In a column that the whole file lacks and that is `absent = \"keep\"` every test holds.",
    },
    Word {
        word: "at-least",
        family: Family::Tests,
        units: "of what is compared; a day for days",
        example: "having = { value = \"books\", at-least = 5 }",
        edges: "The bound itself passes. A bound is a number, a term's name, or a number made of others; of a group also one of its amounts: `at-least = { value = \"paid\" }`, or a number of the entity, `{ measure = \"target\" }`; of days a day, `2024-06-30`, or one before the day judged; of a cell also another column of the row, `at-least = { column = \"asked\" }`, or so long after the day in it, `{ column = \"asked\", days = 15 }` or `months`: where either is missing nothing holds. Of a day also one before the day judged: `{ ago = { days = 90 } }`. In an award it is the floor, with `met` and `seen` how many.",
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
        word: "valid",
        family: Family::Tests,
        units: "days",
        example: "where = { valid = [\"begun\", \"ended\"] }",
        edges: "Both days count. A missing first day is never valid, a missing last day never ends. With `ago` it asks about the earlier day. An end can be moved: `valid = [\"passed\", { column = \"passed\", months = 24 }]` lasts to the same day 24 months later, or to the last of a shorter month.",
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
        edges: "A table; named rows; several of these, each of a table of its own, read as if they were one table: rows of all of them with equal keys make one group, and an amount with a `from` of its own takes one of them only, so that they may have other columns beside the keys, or of one of them the named rows. Or `{ measure = \"x\" }`: the groups that measure keeps, with its keys and amounts as columns. In a list member: the first day.",
    },
    Word {
        word: "where",
        family: Family::Measures,
        units: "none",
        example: "where = { column = \"shelf\", in = \"novels\" }",
        edges: "Of a measure: for all its amounts. Of an amount: in addition, for that amount alone; the group exists all the same. Of an amount over the groups of another measure it tests their amounts: `where = { value = \"copies\", at-least = 5 }`. Of an amount a bound of a column of days may be an amount of the group that stands before: `where = { column = \"returned\", at-most = { value = \"moved\" } }`, or a measure of the entity that is a day, `at-least = { measure = \"joined\" }`, by itself or within `all`; where that day is missing, so is the amount.",
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
        edges: "`count = \"rows\"` of a table, where `times` counts each row as its rate; `count = \"groups\"` of another measure; `reduce = \"count\"` counts the groups that are kept.",
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
        edges: "Moves windows and `valid`, and nothing else: lists and terms stay those of the day judged. Of an amount it moves that window only. As a bound of a day, `at-least = { ago = { months = 24 } }` or `days`, it is that day before the day judged, for months the same day of that month or its last; no other `ago` moves it. `{ ago = { days = 0 } }` is the day judged, and below zero it lies ahead. With `seen` so many months are passed over first: with 1 the day judged is not looked at.",
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
        edges: "Of an amount: each row times the `rate` of the member its cell is, a number or a term; a cell in no list adds nothing. Of several numbers: their product; so many of something at a price are money.",
    },
    Word {
        word: "plus",
        family: Family::Numbers,
        units: "alike; plain numbers take on the unit",
        example: "of = { plus = [{ least = [{ times = [\"basic\", \"0.5\"] }, 300] }, \"advanced\"] }",
        edges: "To a day times are added, below zero taken away: `{ plus = [\"joined\", { months = 3 }] }`. Unknown where one is unknown, else missing where one is missing. Of awards: their points added.",
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
        edges: "4 of 10 is 0.4. Where the base is zero or below it is `no-base`, which has to be given: there is no silent result of a division by zero. By a plain number it keeps its unit: half of a count is a count.",
    },
    Word {
        word: "percent-change",
        family: Family::Numbers,
        units: "alike, giving percent",
        example: "of = { percent-change = [\"fees\", { measure = \"fees\", ago = 12 }], no-base = 0 }",
        edges: "(now − base) × 100 ÷ base. Where the base is zero or below it is `no-base`, with the reason `no-base`.",
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
        edges: "The first observation is the day judged, each other one the first day of an earlier calendar month, or with `on = \"last-day\"` the last: on 2025-01-20 with `last = 3` these are 01-20, 2024-12-01 and 11-01, or 01-20, 12-31 and 11-30; each under the edition then in force and its terms; before the first edition it is undecided, unless that one `looks-back`. At most 36 months. A month of which the data say too little is undecided, not false.",
    },
    Word {
        word: "anniversary",
        family: Family::Results,
        units: "days",
        example: "value = { joined = { least = \"joined\", from = \"members\" }, year = { anniversary = \"joined\" } }",
        edges: "The latest anniversary of a day on or before the day judged, with `ago = 12` the one before; 29 February is kept on the 28th. Missing where there is no such day. In `seen` a measure of days: the months end with that of the anniversary, in place of the day judged, and none of the days comes after that one. Undecided where the entity has no such day, or only one after the day judged.",
    },
    Word {
        word: "attained",
        family: Family::Results,
        units: "none",
        example: "when = { attained = \"reading\", program = \"library\" }",
        edges: "What that area asks for on the same day, its own memory included; `seen = { attained = … }` looks at other months. With `condition` that one of the program, as the area has it, whatever else the area asks for: the outcome of today where the area asks for one of the last months. In an area it lists the conditions that all have to hold; their names are the keys in results. What another result waives is an `any` of that result and what is asked else.",
    },
    Word {
        word: "track",
        family: Family::Results,
        units: "none",
        example: "when = { track = \"small\" }",
        edges: "True while the area is scored on that track; false in areas without it. `[track.x]` says who is on it and what terms are there; where an area has several, its `choose` says which counts.",
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
        example: "award = { of = \"readers\", points = 15, per = 7, at-most = 15 }\n\n[condition.enough]\nwhen = { points = \"total\", at-least = 70 }",
        edges: "Of an award how much each unit pays, exact: 7 of 7 is 15, 1 of 7 is 15/7, shown as 2.142857 and as the fraction. In a condition the points that an area has: `\"total\"`, `\"each-metric\"` (a metric that does not apply is asked for nothing), `{ category = \"…\" }`, `{ metric = \"…\" }`. Undecided while they could lie on either side. Only where an area asks for it under `attained`, since an award is part of the points.",
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
        edges: "Rounds down to whole steps, toward minus infinity. Left out: in proportion. Any number can be rounded so: `{ of = \"fees\", step = 10 }`.",
    },
    Word {
        word: "when",
        family: Family::Awards,
        units: "none",
        example: "award = { points = 4, when = \"audited\" }",
        edges: "Where it does not hold nothing is paid, whatever the floor; where it is undecided the points lie between nothing and the cap. In a condition and a track it is the test itself.",
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
    "choose",
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
    "except",
    "format",
    "id",
    "in-force",
    "instead",
    "interpretation",
    "list",
    "lists",
    "looks-back",
    "max-points",
    "measure",
    "members",
    "metric",
    "metrics",
    "month",
    "months",
    "no-base",
    "not-applicable",
    "on",
    "program",
    "published",
    "question",
    "rate",
    "required",
    "rows",
    "sets",
    "shown",
    "source",
    "table",
    "term",
    "title",
    "touches",
    "tracks",
    "unknown",
    "until",
    "url",
    "why",
];
