//! How far reading has come: a line on standard error that is gone when anything else is written there or to standard
//! output. Only on a terminal, and only where it takes longer than a moment.

use pcs_rules::read::{HowFar, how_far};
use std::io::{self, IsTerminal as _, Write as _};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Before this nothing is shown.
const MOMENT: Duration = Duration::from_secs(1);

/// How often the line is drawn.
const TICK: Duration = Duration::from_millis(200);

#[derive(Debug)]
struct Line {
    is_drawn: bool,
    is_over: bool,
}

/// Whoever draws or ends holds this.
static LINE: Mutex<Line> = Mutex::new(Line { is_drawn: false, is_over: false });

/// Shows progress from here on, where standard error is a terminal.
pub(super) fn begin() {
    #[expect(clippy::disallowed_methods, reason = "some terminals cannot take a line back")]
    let is_dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
    if is_dumb || !io::stderr().is_terminal() {
        return;
    }
    #[expect(clippy::disallowed_methods, reason = "how long it takes is shown, and nothing is computed from it")]
    let start = Instant::now();
    let draw = move || {
        loop {
            std::thread::sleep(TICK);
            let elapsed = start.elapsed();
            let mut line = LINE.lock().unwrap_or_else(PoisonError::into_inner);
            if line.is_over {
                return;
            }
            let far = how_far();
            if elapsed > MOMENT && far.bytes > 0 {
                line.is_drawn = true;
                // Nobody is left to tell where it cannot be written.
                let _ = write!(io::stderr(), "\r{}\x1b[K", words(far, elapsed));
            }
        }
    };
    // Where no thread can be had, there is no line.
    let _ = std::thread::Builder::new().spawn(draw);
}

/// Something else is about to be written: the line is removed, and none is drawn any more.
pub(super) fn end() {
    let mut line = LINE.lock().unwrap_or_else(PoisonError::into_inner);
    if line.is_drawn {
        let _ = write!(io::stderr(), "\r\x1b[K");
    }
    *line = Line { is_drawn: false, is_over: true };
}

/// `reading: 45%, 1,170 of 2,600 MB, 12,345,678 rows, 310 MB/s, 5 s left`
fn words(far: HowFar, elapsed: Duration) -> String {
    const MEGA: u64 = 1_000_000;
    let milliseconds = u64::try_from(elapsed.as_millis()).unwrap_or(u64::MAX).max(1);
    let rate = far.bytes.saturating_mul(1000) / milliseconds;
    let left = far.of.saturating_sub(far.bytes) / rate.max(1);
    format!(
        "reading: {}%, {} of {} MB, {} rows, {} MB/s, {left} s left",
        (far.bytes.saturating_mul(100) / far.of.max(1)).min(100),
        grouped(far.bytes / MEGA),
        grouped(far.of / MEGA),
        grouped(far.rows),
        grouped(rate / MEGA),
    )
}

/// Digits in threes.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_is_said() {
        let far = HowFar { bytes: 1_170_000_000, of: 2_600_000_000, rows: 12_345_678, given_up: 0 };
        assert_eq!(
            words(far, Duration::from_secs(4)),
            "reading: 45%, 1,170 of 2,600 MB, 12,345,678 rows, 292 MB/s, 4 s left"
        );
        let none = words(HowFar::default(), Duration::ZERO);
        assert_eq!(none, "reading: 0%, 0 of 0 MB, 0 rows, 0 MB/s, 0 s left");
    }
}
