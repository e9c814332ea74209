//! A bar of parts, each with its number in words below: how many steps or adopters stand in each state.

/// Steps in hundredths of the width, so that a part is as wide as its share.
const WHOLE: u64 = 10_000;

/// A bar of parts with its legend.
#[derive(Debug, askama::Template)]
#[template(path = "meter.html")]
pub(in crate::ui) struct Meter {
    /// The same in words.
    spoken: String,
    bars: Vec<Bar>,
}

#[derive(Debug)]
struct Bar {
    /// How it is drawn, as a class.
    shade: &'static str,
    text: String,
    x: String,
    width: String,
}

/// A part of a meter.
#[derive(Debug)]
pub(in crate::ui) struct Share {
    pub(in crate::ui) shade: &'static str,
    pub(in crate::ui) count: u64,
    /// How many in which state.
    pub(in crate::ui) text: String,
}

impl Meter {
    /// Returns a meter of the shares that are not empty, from the side on which reading begins.
    pub(in crate::ui) fn new(spoken: String, shares: Vec<Share>, is_rtl: bool) -> Option<Self> {
        let total: u64 = shares.iter().map(|share| share.count).sum();
        let mut before = 0;
        let mut bars = Vec::with_capacity(shares.len());
        for share in shares.into_iter().filter(|share| share.count > 0) {
            let (from, to) = (before * WHOLE / total, (before + share.count) * WHOLE / total);
            before += share.count;
            let (x, width) = (if is_rtl { WHOLE - to } else { from }, to - from);
            bars.push(Bar { shade: share.shade, text: share.text, x: percent(x), width: percent(width) });
        }
        (!bars.is_empty()).then_some(Self { spoken, bars })
    }
}

/// Writes hundredths of a hundredth with a point, as drawings have it.
fn percent(share: u64) -> String {
    format!("{}.{:02}", share / 100, share % 100)
}

/// Returns how a state is drawn: by how far it has come, darker and darker.
pub(in crate::ui) fn shade(state: &str) -> &'static str {
    match state {
        "complete" | "adopted" => "done",
        "substantial" | "in_progress" => "most",
        "limited" | "planned" => "some",
        "abandoned" => "gone",
        _ => "none",
    }
}

#[cfg(test)]
mod tests;
