//! Where things lie on a drawing: exact numbers in, tenths of a unit out.

use super::document::{BarPart, LevelPart, LinePart, PointPart};
use crate::exact::Exact;
use crate::report::amounts::points;
use crate::score::Interval;

/// How wide drawings are.
pub(super) const WIDTH: i128 = 360;

/// The plane of a line: how high, and what is left free around it.
const HEIGHT: i128 = 170;
const LEFT: i128 = 34;
const RIGHT: i128 = 14;
const TOP: i128 = 18;
const BELOW: i128 = 24;

/// Numbers between which all that is drawn lies.
#[derive(Clone, Debug)]
pub(super) struct Scale {
    low: Exact,
    high: Exact,
}

impl Scale {
    /// From zero, or the least of the numbers, to the greatest.
    pub(super) fn over<'n>(numbers: impl IntoIterator<Item = &'n Exact>) -> Self {
        let mut scale = Self { low: Exact::zero(), high: Exact::zero() };
        for number in numbers {
            scale.low = scale.low.min(number.clone());
            scale.high = scale.high.max(number.clone());
        }
        if scale.low == scale.high {
            scale.high = &scale.low + &Exact::from(1);
        }
        scale
    }

    /// How far along a line of a length a number lies, in tenths, rounded down.
    pub(super) fn tenths(&self, number: &Exact, length: i128) -> i128 {
        let of = (&(number - &self.low) * &Exact::scaled(length * 10, 0)).over(&(&self.high - &self.low));
        of.map_or(0, |place| place.floor_at(0)).clamp(0, length * 10)
    }
}

/// Tenths as a decimal.
pub(super) fn decimal(tenths: i128) -> String {
    Exact::scaled(tenths, 1).to_string()
}

/// Points against the most there can be, as a bar of a hundred.
pub(super) fn bar(had: &Interval, most: &Exact, asked: Option<&Exact>, words: String) -> Option<BarPart> {
    if !most.is_positive() {
        return None;
    }
    let scale = Scale::over([most]);
    let certain = scale.tenths(had.least.as_ref()?, 100);
    let possible = had.most.as_ref().map_or(1000, |end| scale.tenths(end, 100));
    Some(BarPart {
        certain: decimal(certain),
        possible: decimal(possible - certain),
        asked: asked.map(|asked| decimal(scale.tenths(asked, 100))),
        words,
    })
}

/// A day of a line, and its points where it has any.
pub(super) type Dot = (String, Option<Interval>);

/// A line over days that lie equally far apart; none where no day has points.
pub(super) fn line(dots: &[Dot], most: Option<&Exact>, asked: Option<&Exact>, words: String) -> Option<LinePart> {
    let ends = |had: &Interval| [had.least.clone(), had.most.clone()].into_iter().flatten().collect::<Vec<_>>();
    let all: Vec<Exact> = dots.iter().filter_map(|(_, had)| had.as_ref()).flat_map(ends).collect();
    if all.is_empty() {
        return None;
    }
    let scale = Scale::over(all.iter().chain(most).chain(asked));
    let length = HEIGHT - TOP - BELOW;
    let height = |number: &Exact| (HEIGHT - BELOW) * 10 - scale.tenths(number, length);
    let last = dots.len().saturating_sub(1);
    let along = |at: usize| {
        let (at, last) = (i128::try_from(at).unwrap_or(0), i128::try_from(last).unwrap_or(1).max(1));
        LEFT * 10 + at * (WIDTH - LEFT - RIGHT) * 10 / last
    };
    let (mut runs, mut run, mut points_of) = (Vec::new(), Vec::new(), Vec::new());
    let mut written: Option<&Interval> = None;
    for (at, (day, had)) in dots.iter().enumerate() {
        let least = had.as_ref().and_then(|had| had.least.as_ref());
        let known = had.as_ref().and_then(Interval::value);
        if let Some(known) = known {
            run.push(format!("{},{}", decimal(along(at)), decimal(height(known))));
        } else if !run.is_empty() {
            runs.push(std::mem::take(&mut run).join(" "));
        }
        let is_told = had.is_some() && (at == last || written != had.as_ref());
        if is_told {
            written = had.as_ref();
        }
        let possible = had.as_ref().filter(|had| had.value().is_none());
        points_of.push(PointPart {
            x: decimal(along(at)),
            y: least.map(|least| decimal(height(least))),
            y_most: possible.map(|had| decimal(had.most.as_ref().map_or(TOP * 10, height))),
            label: had.as_ref().filter(|_| is_told).map(points).filter(|text| text.chars().count() <= 5),
            day: (at == 0 || at == last || at == last / 2).then(|| day.clone()),
            anchor: if at == 0 {
                "start"
            } else if at == last {
                "end"
            } else {
                "middle"
            },
        });
    }
    if !run.is_empty() {
        runs.push(run.join(" "));
    }
    let level = |number: &Exact| LevelPart { y: decimal(height(number)), label: number.to_string() };
    let mut levels = vec![level(&scale.low)];
    if asked != Some(&scale.high) {
        levels.push(level(&scale.high));
    }
    Some(LinePart { runs, points: points_of, asked: asked.map(level), levels, words })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn exact(text: &str) -> Exact {
        Exact::parse(text).expect("a number")
    }

    #[test]
    fn places_are_rounded_down_and_stay_on_the_line() {
        let scale = Scale::over([&exact("100")]);
        for (number, place) in [("0", "0"), ("33.37", "33.3"), ("100", "100"), ("120", "100")] {
            assert_eq!(decimal(scale.tenths(&exact(number), 100)), place);
        }
    }

    #[test]
    fn a_line_is_broken_where_a_day_is_not_certain() {
        let known = |text| Some(Interval::known(exact(text)));
        let between = Some(Interval { least: Some(exact("10")), most: Some(exact("40")) });
        let dots: Vec<Dot> = [known("20"), between, None, known("30"), known("30")]
            .into_iter()
            .map(|had| ("2023-01-01".to_owned(), had))
            .collect();
        let line = line(&dots, Some(&exact("100")), None, String::new()).expect("some days have points");
        assert_eq!(line.runs.len(), 2);
        let ends: Vec<bool> = line.points.iter().map(|point| point.y_most.is_some()).collect();
        assert_eq!(ends, [false, true, false, false, false]);
        assert_eq!(line.points.iter().filter(|point| point.label.is_some()).count(), 3);
    }
}
