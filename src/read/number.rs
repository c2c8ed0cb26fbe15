//! Decimal digits → an exact number. No binary fraction on the way, no work in proportion to an exponent.

/// Digits that a [`Number`] may have, and its largest scale: what a 128-bit decimal column holds.
pub(super) const DIGITS: u32 = 38;

/// An exact number: `mantissa` ÷ 10^`scale`, at the smallest scale that holds it.
// INVARIANT: |mantissa| < 10^38, scale ≤ 38, and mantissa % 10 ≠ 0 unless the scale is 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Number {
    mantissa: i128,
    scale: u32,
}

/// Why there is no [`Number`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum NotANumber {
    /// It is not written as one.
    Form,
    /// It has more digits than can be kept exactly.
    Digits,
}

impl Number {
    /// `mantissa` × 10^`exponent`; `None` for more digits than can be kept.
    pub(super) fn new(mantissa: i128, exponent: i64) -> Option<Self> {
        if mantissa == 0 {
            return Some(Self { mantissa: 0, scale: 0 });
        }
        if exponent >= 0 {
            let factor = power(u32::try_from(exponent).ok()?)?;
            return within(mantissa.checked_mul(factor)?).map(|mantissa| Self { mantissa, scale: 0 });
        }
        let (mantissa, exponent) = without_zeros(mantissa, exponent);
        let scale = u32::try_from(exponent.checked_neg()?).ok().filter(|scale| *scale <= DIGITS)?;
        within(mantissa).map(|mantissa| Self { mantissa, scale })
    }

    /// Reads a sign, digits, a fraction and a power of ten, each but the digits optional: `-12.50`, `.5`, `1.5E-05`.
    pub(super) fn parse(text: &[u8]) -> Result<Self, NotANumber> {
        if let Some(number) = short(text) {
            return Ok(number);
        }
        let (negative, rest) = signed(text);
        let mut digits = Digits::default();
        let mut fraction = 0_i64;
        let mut point = false;
        let mut rest = rest.iter();
        let mut exponent = 0;
        loop {
            match rest.next() {
                Some(digit @ b'0'..=b'9') => {
                    digits
                        .push(digit - b'0')
                        .ok_or(NotANumber::Digits)
                        .or_else(|fault| plain(rest.as_slice(), fault))?;
                    fraction += i64::from(point);
                }
                Some(b'.') if !point => point = true,
                Some(b'e' | b'E') => {
                    exponent = power_of_ten(rest.as_slice()).ok_or(NotANumber::Form)?;
                    break;
                }
                Some(_) => return Err(NotANumber::Form),
                None => break,
            }
        }
        if digits.read == 0 {
            return Err(NotANumber::Form);
        }
        let exponent = exponent.saturating_sub(fraction).saturating_add(digits.zeros);
        Self::new(if negative { -digits.mantissa } else { digits.mantissa }, exponent).ok_or(NotANumber::Digits)
    }

    /// The scale it needs.
    pub(super) const fn scale(self) -> u32 {
        self.scale
    }

    /// Its mantissa at a larger scale; `None` where that has more digits than can be kept, or the scale is smaller.
    pub(super) fn at_scale(self, scale: u32) -> Option<i128> {
        match scale.checked_sub(self.scale)? {
            0 => Some(self.mantissa),
            more => within(self.mantissa.checked_mul(power(more)?)?),
        }
    }
}

/// Reads a number of at most 18 digits without an exponent, as nearly all are, in 64 bits; `None` for any other text.
fn short(text: &[u8]) -> Option<Number> {
    let (mantissa, digits) = simple(text)?;
    Number::new(i128::from(mantissa), -i64::from(digits))
}

/// The same as a whole number, and how many of its digits stand behind the point.
pub(super) fn simple(text: &[u8]) -> Option<(i64, u32)> {
    let (negative, rest) = signed(text);
    if rest.len() > 18 {
        return None;
    }
    let mut mantissa = 0_i64;
    let mut point = None;
    for (at, byte) in rest.iter().enumerate() {
        match byte {
            b'0'..=b'9' => mantissa = mantissa * 10 + i64::from(byte - b'0'),
            b'.' if point.is_none() => point = Some(at),
            _ => return None,
        }
    }
    // A point alone is no number.
    let fraction = point.map_or(0, |at| rest.len() - at - 1);
    let has_digits = rest.len() > usize::from(point.is_some());
    let digits = u32::try_from(fraction).ok()?;
    has_digits.then_some((if negative { -mantissa } else { mantissa }, digits))
}

/// Significant digits as they come. Zeros wait until a digit follows, so that those at the end cost nothing.
#[derive(Default)]
struct Digits {
    mantissa: i128,
    zeros: i64,
    read: u64,
}

impl Digits {
    /// Takes one more digit; `None` for more than can be kept.
    fn push(&mut self, digit: u8) -> Option<()> {
        self.read += 1;
        if digit == 0 {
            self.zeros += i64::from(self.mantissa != 0);
            return Some(());
        }
        let shift = power(u32::try_from(self.zeros + 1).ok()?)?;
        self.mantissa = within(self.mantissa.checked_mul(shift)?.checked_add(i128::from(digit))?)?;
        self.zeros = 0;
        Some(())
    }
}

/// Which fault a number with too many digits has: its form comes first.
fn plain(rest: &[u8], fault: NotANumber) -> Result<(), NotANumber> {
    let is_number = rest.iter().all(|b| b.is_ascii_digit() || matches!(b, b'.' | b'e' | b'E' | b'+' | b'-'));
    Err(if is_number { fault } else { NotANumber::Form })
}

/// The sign, and what follows it.
fn signed(text: &[u8]) -> (bool, &[u8]) {
    match text {
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] | rest => (false, rest),
    }
}

/// A whole number; one beyond any use stays at the bound, far from what can be kept.
fn power_of_ten(text: &[u8]) -> Option<i64> {
    let (negative, digits) = signed(text);
    if digits.is_empty() || !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let bounded = |sum: i64, digit: &u8| sum.saturating_mul(10).saturating_add(i64::from(digit - b'0'));
    let size = digits.iter().fold(0_i64, bounded);
    Some(if negative { -size } else { size })
}

/// Drops zeros from the end of a fraction; at most 38 steps, for that is what a mantissa has.
fn without_zeros(mut mantissa: i128, mut exponent: i64) -> (i128, i64) {
    // Most numbers fit 64 bits, where a division costs a fraction of what it costs in 128.
    if let Ok(mut small) = i64::try_from(mantissa) {
        while exponent < 0 && small % 10 == 0 {
            small /= 10;
            exponent += 1;
        }
        return (i128::from(small), exponent);
    }
    while exponent < 0 && mantissa % 10 == 0 {
        mantissa /= 10;
        exponent += 1;
    }
    (mantissa, exponent)
}

/// 10^`exponent`, where 128 bits hold it.
const fn power(exponent: u32) -> Option<i128> {
    10_i128.checked_pow(exponent)
}

/// The mantissa, if it has at most 38 digits.
fn within(mantissa: i128) -> Option<i128> {
    (mantissa.unsigned_abs() < 10_u128.pow(DIGITS)).then_some(mantissa)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_exactly_or_not_at_all() {
        let nines = "9".repeat(38);
        let long_zeros = format!("0{}.5{}", "0".repeat(500), "0".repeat(500));
        let far = format!("1{}e-90", "0".repeat(100));
        let good: [(&str, i128, u32); 21] = [
            ("999999999999999999", 999_999_999_999_999_999, 0),
            ("-9999999999999999999", -9_999_999_999_999_999_999, 0),
            ("123456789012345678.", 123_456_789_012_345_678, 0),
            ("123456789012345678.5", 1_234_567_890_123_456_785, 1),
            ("0", 0, 0),
            ("-0.00", 0, 0),
            ("0e999999999999999999999", 0, 0),
            ("62", 62, 0),
            ("+7", 7, 0),
            ("-12.50", -125, 1),
            (".5", 5, 1),
            ("5.", 5, 0),
            ("1.5E-05", 15, 6),
            ("1e3", 1000, 0),
            ("1.20e+1", 12, 0),
            ("100", 100, 0),
            ("1e-38", 1, 38),
            ("1e37", 10_i128.pow(37), 0),
            (&long_zeros, 5, 1),
            (&far, 10_i128.pow(10), 0),
            (&nines, 10_i128.pow(38) - 1, 0),
        ];
        for (text, mantissa, scale) in good {
            assert_eq!(Number::parse(text.as_bytes()), Ok(Number { mantissa, scale }), "{text}");
        }
        for text in [
            "", ".", "-", "e5", "1e", "1e+", "1,5", "1.2.3", "--1", "0x10", "inf", "NaN", "1 000", "€5", "(5)", "1_0",
            "٣",
        ] {
            assert_eq!(Number::parse(text.as_bytes()), Err(NotANumber::Form), "{text}");
        }
        for text in
            ["1e38", "1e999999999", "1e-39", "1e-99999999999999999999", &format!("{nines}.1"), &format!("{nines}9")]
        {
            assert_eq!(Number::parse(text.as_bytes()), Err(NotANumber::Digits), "{text}");
        }
        assert_eq!(Number::parse(format!("{nines}9 EUR").as_bytes()), Err(NotANumber::Form));
    }
}
