//! Exact numbers above the rows: fractions of whole numbers of any size.

use num_bigint::BigInt;
use num_integer::Integer as _;
use num_rational::BigRational;
use num_traits::{One as _, Signed as _, Zero as _};
use std::fmt;
use std::ops::{Add, Mul, Neg, Sub};

/// Digits behind the point of a decimal that does not end, as a rule and at most.
const DIGITS: u32 = 6;
const MOST_DIGITS: u32 = 38;

/// An exact number: a fraction in lowest terms. Never rounded before a comparison.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Exact(BigRational);

impl Exact {
    /// Nothing.
    #[must_use]
    pub fn zero() -> Self {
        Self(BigRational::zero())
    }

    /// `mantissa` ÷ 10^`scale`, as rows hold amounts.
    #[must_use]
    pub fn scaled(mantissa: i128, scale: u32) -> Self {
        Self(BigRational::new(BigInt::from(mantissa), BigInt::from(10).pow(scale)))
    }

    /// Reads a plain decimal, `-12.50`; no exponent, no blanks.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (negative, digits) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
        let all_digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
        if !all_digits(whole) || !all_digits(fraction) {
            return None;
        }
        let mantissa: BigInt = format!("{whole}{fraction}").parse().ok()?;
        let value = BigRational::new(mantissa, BigInt::from(10).pow(u32::try_from(fraction.len()).ok()?));
        Some(Self(if negative { -value } else { value }))
    }

    /// Whether it is above zero.
    #[must_use]
    pub fn is_positive(&self) -> bool {
        self.0.is_positive()
    }

    /// Whether it is zero.
    #[must_use]
    pub fn is_zero(&self) -> bool {
        self.0.is_zero()
    }

    /// How far it is from zero.
    #[must_use]
    pub fn size(&self) -> Self {
        Self(self.0.abs())
    }

    /// The quotient; `None` where `base` is zero.
    #[must_use]
    pub fn over(&self, base: &Self) -> Option<Self> {
        (!base.0.is_zero()).then(|| Self(&self.0 / &base.0))
    }

    /// How many digits it has behind the point; those of a decimal that does not end are not told.
    #[must_use]
    pub fn digits(&self) -> u32 {
        let text = self.ending_decimal().unwrap_or_default();
        text.split_once('.').map_or(0, |(_, digits)| u32::try_from(digits.len()).unwrap_or(0))
    }

    /// The greatest multiple of `step` that is not above this number: rounds toward minus infinity.
    ///
    /// A step of zero or below leaves the number as it is; the rules refuse such a step.
    #[must_use]
    pub fn down_to_step(&self, step: &Self) -> Self {
        if !step.is_positive() {
            return self.clone();
        }
        Self((&self.0 / &step.0).floor() * &step.0)
    }

    /// The number × 10^`scale`, rounded down to a whole number; held at the limits of `i128`.
    #[must_use]
    pub fn floor_at(&self, scale: u32) -> i128 {
        held((&self.0 * BigRational::from_integer(BigInt::from(10).pow(scale))).floor().to_integer())
    }

    /// The number × 10^`scale`, rounded up to a whole number; held at the limits of `i128`.
    #[must_use]
    pub fn ceil_at(&self, scale: u32) -> i128 {
        held((&self.0 * BigRational::from_integer(BigInt::from(10).pow(scale))).ceil().to_integer())
    }

    /// The number in print: a decimal without needless zeros, and the fraction where the decimal does not end.
    ///
    /// Such a decimal is rounded to six digits, half to even.
    #[must_use]
    pub fn printed(&self) -> Printed {
        if let Some(text) = self.ending_decimal() {
            return Printed { decimal: text, exact: None };
        }
        let decimal = self.rounded(DIGITS).ending_decimal().unwrap_or_default();
        Printed { decimal, exact: Some(format!("{}/{}", self.0.numer(), self.0.denom())) }
    }

    /// Rounded here, and nowhere else: half to even.
    fn rounded(&self, digits: u32) -> Self {
        let unit = BigInt::from(10).pow(digits);
        Self(BigRational::new(half_even(&(&self.0 * BigRational::from_integer(unit.clone()))), unit))
    }

    /// The decimal, where it ends.
    fn ending_decimal(&self) -> Option<String> {
        if self.0.is_integer() {
            return Some(self.0.numer().to_string());
        }
        let mut rest = self.0.denom().clone();
        let mut powers = [0_u32; 2];
        for (power, prime) in powers.iter_mut().zip([2, 5]) {
            let prime = BigInt::from(prime);
            while (&rest % &prime).is_zero() {
                rest /= &prime;
                *power += 1;
            }
        }
        if !rest.is_one() {
            return None;
        }
        let scale = powers.iter().copied().max().unwrap_or(0);
        let mantissa = (&self.0 * BigRational::from_integer(BigInt::from(10).pow(scale))).to_integer();
        let digits = mantissa.magnitude().to_string();
        let sign = if mantissa.is_negative() { "-" } else { "" };
        if scale == 0 {
            return Some(format!("{sign}{digits}"));
        }
        let width = usize::try_from(scale).ok()?;
        let padded = format!("{digits:0>least$}", least = width + 1);
        let (whole, fraction) = padded.split_at(padded.len() - width);
        Some(format!("{sign}{whole}.{fraction}"))
    }
}

/// The number, or the limit of `i128` that lies on its side.
fn held(value: BigInt) -> i128 {
    let negative = value.is_negative();
    i128::try_from(value).unwrap_or(if negative { i128::MIN } else { i128::MAX })
}

/// A number as text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Printed {
    /// The decimal: exact where it ends, else rounded to six digits.
    pub decimal: String,
    /// The fraction, where the decimal does not end.
    pub exact: Option<String>,
}

/// The nearest whole number; the even one of two that are equally near.
fn half_even(value: &BigRational) -> BigInt {
    let floor = value.floor().to_integer();
    let twice = (value - BigRational::from_integer(floor.clone())) * BigRational::from_integer(BigInt::from(2));
    let up = match twice.cmp(&BigRational::one()) {
        std::cmp::Ordering::Less => false,
        std::cmp::Ordering::Greater => true,
        std::cmp::Ordering::Equal => floor.is_odd(),
    };
    if up { floor + BigInt::one() } else { floor }
}

/// As people read it: a decimal that does not end has six digits, or as many more as tell it from a number of two. Bounds are
/// such numbers, and what is just below one must not look as if it were there.
impl fmt::Display for Exact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let hundred = BigRational::from_integer(BigInt::from(100));
        let is_told = |decimal: &Self| !(&decimal.0 * &hundred).is_integer();
        let decimal = self.ending_decimal().or_else(|| {
            let mut longer = (DIGITS..=MOST_DIGITS).map(|digits| self.rounded(digits));
            longer.find(is_told).unwrap_or_else(|| self.rounded(DIGITS)).ending_decimal()
        });
        f.write_str(&decimal.unwrap_or_default())
    }
}

impl From<i64> for Exact {
    fn from(value: i64) -> Self {
        Self(BigRational::from_integer(BigInt::from(value)))
    }
}

impl Add for &Exact {
    type Output = Exact;
    fn add(self, other: Self) -> Exact {
        Exact(&self.0 + &other.0)
    }
}

impl Sub for &Exact {
    type Output = Exact;
    fn sub(self, other: Self) -> Exact {
        Exact(&self.0 - &other.0)
    }
}

impl Neg for &Exact {
    type Output = Exact;
    fn neg(self) -> Exact {
        Exact(-&self.0)
    }
}

impl Mul for &Exact {
    type Output = Exact;
    fn mul(self, other: Self) -> Exact {
        Exact(&self.0 * &other.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn exact(text: &str) -> Exact {
        Exact::parse(text).unwrap_or_else(|| panic!("{text} is a decimal"))
    }

    #[test]
    fn prints_without_needless_zeros() {
        for (text, printed) in [("62", "62"), ("12.50", "12.5"), ("-0.05", "-0.05"), ("0.0", "0"), ("1000.00", "1000")]
        {
            assert_eq!(exact(text).to_string(), printed);
        }
    }

    #[test]
    fn a_decimal_that_does_not_end_has_its_fraction_beside_it() {
        let third = exact("15").over(&exact("7"));
        let printed = third.map(|value| value.printed());
        assert_eq!(printed, Some(Printed { decimal: "2.142857".to_owned(), exact: Some("15/7".to_owned()) }));
    }

    #[test]
    fn six_digits_round_half_to_even() {
        let tiny = |numerator: &str| exact(numerator).over(&exact("6000000")).map(|v| v.printed().decimal);
        assert_eq!(tiny("3"), Some("0.0000005".to_owned()), "ends, so it is not rounded");
        assert_eq!(tiny("1"), Some("0".to_owned()));
        let people = |numerator: &str| exact(numerator).over(&exact("30000000")).map(|v| v.to_string());
        assert_eq!(people("5"), Some("0.0000002".to_owned()), "little is not nothing");
        assert_eq!(people("2099999999"), Some("69.99999997".to_owned()), "and nearly there is not there");
        assert_eq!(people("10000000"), Some("0.333333".to_owned()));
        assert_eq!(half_even(&exact("2.5").0), BigInt::from(2));
        assert_eq!(half_even(&exact("3.5").0), BigInt::from(4));
        assert_eq!(half_even(&exact("-2.5").0), BigInt::from(-2));
    }

    #[test]
    fn steps_round_toward_minus_infinity() {
        assert_eq!(exact("12.9").down_to_step(&exact("1")), exact("12"));
        assert_eq!(exact("-0.5").down_to_step(&exact("1")), exact("-1"));
        assert_eq!(exact("7.4").down_to_step(&exact("2.5")), exact("5"));
    }
}
