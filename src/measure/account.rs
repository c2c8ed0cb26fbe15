//! What became of the rows of each table.

use super::Measures;

/// What became of a table's rows. Each row is counted once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Account {
    /// The table.
    pub table: String,
    /// Whether the table is there, and any measure reads it.
    pub is_read: bool,
    /// Rows that at least one measure took in.
    pub used: u64,
    /// Rows that no measure kept, and those of another kind than the table's.
    pub dropped: u64,
    /// Rows that repeat an amount, by the export's own mark.
    pub duplicate: u64,
    /// Rows of months that no measure looks at.
    pub outside: u64,
    /// Rows that could not be read.
    pub unreadable: u64,
}

impl Account {
    /// All rows.
    #[must_use]
    pub const fn rows(&self) -> u64 {
        self.used + self.dropped + self.duplicate + self.outside + self.unreadable
    }
}

impl Measures {
    /// The tables that measures read and of which no row counts, each once.
    #[must_use]
    pub fn idle(&self) -> Vec<&Account> {
        // A table that editions define in two ways is read twice.
        let counts = |table: &str| self.accounts.iter().any(|account| account.table == table && account.used > 0);
        let mut idle: Vec<&Account> = Vec::new();
        for account in self.accounts.iter().filter(|account| account.is_read && !counts(&account.table)) {
            if !idle.iter().any(|known| known.table == account.table) {
                idle.push(account);
            }
        }
        idle
    }
}
