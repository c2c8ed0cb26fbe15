//! Every stable code with its meaning: one row each, and a page in `docs/diagnostics`.

/// How much a problem matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The work cannot be done, or its result could be wrong.
    Error,
    /// The work is done; the result has to be read with this in mind.
    Warning,
}

macro_rules! codes {
    ($($name:ident = $number:literal, $slug:literal, $severity:ident, $meaning:literal;)+) => {
        /// A stable code. The number never changes its meaning.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Code {
            $(#[doc = $meaning] $name,)+
        }

        impl Code {
            /// All codes, in order.
            pub const ALL: &[Self] = &[$(Self::$name),+];

            /// The code as it is printed.
            #[must_use]
            pub const fn id(self) -> &'static str {
                match self { $(Self::$name => $number),+ }
            }

            /// The code in words.
            #[must_use]
            pub const fn slug(self) -> &'static str {
                match self { $(Self::$name => $slug),+ }
            }

            /// What it means, in a sentence.
            #[must_use]
            pub const fn meaning(self) -> &'static str {
                match self { $(Self::$name => $meaning),+ }
            }

            /// The page that explains it, in Markdown; without it the crate does not compile.
            #[must_use]
            pub const fn page(self) -> &'static str {
                match self {
                    $(Self::$name => include_str!(concat!(
                        env!("CARGO_MANIFEST_DIR"), "/docs/diagnostics/", $number, ".md"
                    ))),+
                }
            }

            /// Whether it stops the work.
            #[must_use]
            pub const fn severity(self) -> Severity {
                match self { $(Self::$name => Severity::$severity),+ }
            }
        }
    };
}

codes! {
    UnreadableFile = "PCS0001", "unreadable-file", Error, "a rule, example or dataset file cannot be opened or is not UTF-8";
    Syntax = "PCS0002", "syntax", Error, "a file is not well-formed TOML or YAML";
    NewerToml = "PCS0003", "newer-toml", Error, "a file uses TOML that version 1.0 does not have, which editors reject";
    FormatVersion = "PCS0004", "format-version", Error, "the file's format is not one this version reads";
    UnknownKey = "PCS0005", "unknown-key", Error, "a key is not part of the format";
    MissingKey = "PCS0006", "missing-key", Error, "a required key is missing";
    WrongValue = "PCS0007", "wrong-value", Error, "a value has the wrong type or form";
    WrongForm = "PCS0008", "wrong-form", Error, "the keys of a table do not belong together";

    UnknownName = "PCS0101", "unknown-name", Error, "a name is used that nothing defines";
    UnknownColumn = "PCS0102", "unknown-column", Error, "a column is used that its table does not have";
    ColumnType = "PCS0103", "column-type", Error, "a column's type does not fit what is done with it";
    UnitMismatch = "PCS0104", "unit-mismatch", Error, "quantities of different units meet";
    MemberTwice = "PCS0105", "member-twice", Error, "a list has a member twice, or a spelling stands for two members";
    NeverUsed = "PCS0106", "never-used", Error, "something is defined and nothing uses it";
    MaximaDoNotAdd = "PCS0107", "maxima-do-not-add", Error, "the metrics' maxima do not add to what the area declares";
    GivenArgument = "PCS0108", "given-argument", Error, "a measure is referred to without the list it asks for, or with one it does not";
    Circular = "PCS0109", "circular", Error, "a definition leads back to itself";
    ImpossibleBounds = "PCS0110", "impossible-bounds", Error, "no value can lie between the bounds";
    Window = "PCS0111", "window", Error, "a window does not fit its table";
    UntilBeforeStart = "PCS0112", "until-before-start", Error, "a period ends before it starts";
    Uncited = "PCS0113", "uncited", Error, "a term has no citation";
    NameTwice = "PCS0114", "name-twice", Error, "two things share one name";
    NothingPaid = "PCS0115", "nothing-paid", Error, "a number that has to be above zero is not";
    SameTwice = "PCS0116", "same-twice", Error, "one thing stands where two different ones belong";
    NoSource = "PCS0117", "no-source", Error, "a profile does not say where a column that the rules read comes from";
    Unlisted = "PCS0118", "unlisted", Warning, "a profile names a value that is in no list of the rules";
    UnsetTerm = "PCS0119", "unset-term", Error, "a term is read where nothing says what it is";
    Misfit = "PCS0120", "misfit", Error, "what is written does not fit what it is asked of";

    SameStart = "PCS0201", "same-start", Error, "two editions start on one day and neither is the later publication";
    NoEdition = "PCS0202", "no-edition", Error, "no edition is in force on the day judged";
    NoRules = "PCS0203", "no-rules", Error, "there are no rules where they were looked for";
    UnknownProgram = "PCS0204", "unknown-program", Error, "the program asked for is not among the rules, or none was named";
    ExampleFails = "PCS0205", "example-fails", Error, "a worked example does not come out as it says";
    AssertsNothing = "PCS0206", "asserts-nothing", Error, "a worked example expects nothing";
    StaleErratum = "PCS0207", "stale-erratum", Error, "an example is marked as an erratum of its source, yet agrees with it";
    FileName = "PCS0208", "file-name", Warning, "a rule file is not named for its program and edition";
    ExamplesName = "PCS0209", "examples-name", Warning, "a file beside the rules is not named as worked examples are, so it is not read";

    NotJudged = "PCS0210", "not-judged", Warning, "no edition is in force in some months of a series";
    Uncheckable = "PCS0301", "uncheckable", Warning, "a test could not be applied, because the data lack its column or a cell is blank";
    MonthsAhead = "PCS0302", "months-ahead", Warning, "the data have months after the day judged";
    RowsLeftOut = "PCS0303", "rows-left-out", Warning, "unreadable rows were left out, as permitted";
    NoEntities = "PCS0304", "no-entities", Warning, "the data name no entity, so nothing was scored";
    OpenEnd = "PCS0305", "open-end", Warning, "a file's last row has no line end, so it may have been cut short";
    NoMark = "PCS0306", "no-mark", Warning, "the export lacks its mark for repeated amounts, so some could count twice";
    Estimate = "PCS0307", "estimate", Warning, "an export stands in for the real data, so the score is an estimate";
    Merged = "PCS0308", "merged", Warning, "one thing goes by two names in the data, and counts once";
    UnusedFile = "PCS0309", "unused-file", Warning, "a file lies beside the data and is of no table";
    NoFolder = "PCS0310", "no-folder", Error, "the data folder does not exist or cannot be listed";
    NoTable = "PCS0311", "no-table", Error, "no file is the table that the rules read";
    TwoFiles = "PCS0312", "two-files", Error, "two files claim to be the same table";
    NoHeader = "PCS0313", "no-header", Error, "a file has no header";
    MissingColumn = "PCS0314", "missing-column", Error, "a file lacks a column that the rules read";
    DoubledColumn = "PCS0315", "doubled-column", Error, "a file has a column twice";
    PhysicalType = "PCS0316", "physical-type", Error, "a file stores a column in a type that cannot be read exactly";
    CorruptFile = "PCS0317", "corrupt-file", Error, "a data file cannot be opened or decoded";
    UnreadableValue = "PCS0318", "unreadable-value", Error, "a cell cannot be read as its column's type";
    BrokenRow = "PCS0319", "broken-row", Error, "a row has too few or too many cells, ends inside a quote, or is no JSON object";
    TooManyBadRows = "PCS0320", "too-many-bad-rows", Error, "more rows are unreadable than permitted";
    TooLarge = "PCS0321", "too-large", Error, "a total is larger than exact arithmetic over rows can hold";
    EntityColumn = "PCS0322", "entity-column", Error, "some tables name the entity in a column and others do not";
    NoAsOf = "PCS0323", "no-as-of", Error, "no day to judge was given and the data have no months to take one from";
    Manifest = "PCS0324", "manifest", Error, "the dataset file names something the rules or the folder do not have";
    Currency = "PCS0325", "currency", Error, "amounts are in another currency than the rules'";
    TwoProfiles = "PCS0326", "two-profiles", Error, "a file fits two profiles";
    UnknownProfile = "PCS0327", "unknown-profile", Error, "the profile asked for does not exist";
    Overlap = "PCS0328", "overlap", Warning, "rows of a table stand twice, so amounts count twice";
    Floats = "PCS0329", "floats", Warning, "amounts are stored as binary fractions, and read as the shortest decimals that stand for them";
    NoRowCounts = "PCS0330", "no-row-counts", Warning, "a table is there, and none of its rows counts";
    StrangeName = "PCS0331", "strange-name", Warning, "a name looks unlike the others, or like another one in a second spelling";
    Implausible = "PCS0332", "implausible-data", Warning, "the data can be read, and look damaged";
    BlankCells = "PCS0333", "blank-cells", Warning, "rows are left out for nothing but a blank cell";
    UnlistedSpelling = "PCS0334", "unlisted-spelling", Warning, "no list knows how the data spell something";
    TooLittleMemory = "PCS0335", "too-little-memory", Error, "the work does not fit into the memory that is permitted";

    UnknownArea = "PCS0401", "unknown-area", Error, "the area asked for is not in the edition";
    UnknownEntity = "PCS0402", "unknown-entity", Error, "the entity asked for is not in the data";
    OutputExists = "PCS0403", "output-exists", Error, "the output file exists and was not to be replaced";
    Output = "PCS0404", "output", Error, "the output cannot be written";
    SchemaDrift = "PCS0405", "schema-drift", Error, "a schema file differs from what the types say";
    UnknownSchema = "PCS0406", "unknown-schema", Error, "there is no schema of that name";
    UnknownSubject = "PCS0407", "unknown-subject", Error, "there is nothing of that name to explain";
    Receipt = "PCS0408", "receipt", Error, "a file is no receipt of a score";
    Template = "PCS0409", "template", Error, "a template of a report does not work";
    Changed = "PCS0410", "changed", Warning, "a file is no longer what it was when a receipt was written";
    GateNotMet = "PCS0411", "gate-not-met", Error, "a score is not what `--fail-under` or `--require` asks for";
}
