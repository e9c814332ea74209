//! Charts, made on the server: a title, a description, and beside each the same numbers as a table.

mod gantt;
mod meter;

pub(super) use gantt::{Gantt, Run};
pub(super) use meter::{Meter, Share, shade};

/// Width and height of a region's tile, in the units of the drawing.
const TILE: (u32, u32) = (116, 74);
/// From one line of a name to the next.
const LINE: usize = 15;
/// What lies between tiles.
const GAP: u32 = 4;

/// Where the twelve regions lie on a grid: official code, column from the west, row from the north.
const GRID: [(&str, u32, u32); 12] = [
    ("01", 3, 0),
    ("02", 4, 1),
    ("03", 3, 1),
    ("04", 2, 1),
    ("05", 3, 2),
    ("06", 2, 2),
    ("07", 2, 3),
    ("08", 3, 3),
    ("09", 2, 4),
    ("10", 1, 4),
    ("11", 1, 5),
    ("12", 0, 5),
];

/// A map on which each region has a tile of the same size. West stays west in every language.
#[derive(Debug, askama::Template)]
#[template(path = "map.html")]
pub(super) struct Map {
    title: String,
    about: String,
    tiles: Vec<Tile>,
    width: u32,
    height: u32,
}

/// A region on the map.
#[derive(Debug)]
pub(super) struct Tile {
    number: String,
    /// The name in one or two lines, each with where it stands.
    lines: Vec<(u32, String)>,
    count: String,
    /// How full it is drawn, from 0 to 3.
    shade: u8,
    x: u32,
    y: u32,
    middle: u32,
}

impl Map {
    pub(super) const fn new(title: String, about: String, tiles: Vec<Tile>) -> Self {
        Self { title, about, tiles, width: 5 * (TILE.0 + GAP) - GAP, height: 6 * (TILE.1 + GAP) - GAP }
    }
}

impl Tile {
    /// Returns the tile of the region with the official code `code`; nothing for a code that has none.
    pub(super) fn new(code: &str, name: String, members: u64, count: String) -> Option<Self> {
        let (_, column, row) = GRID.iter().find(|(known, _, _)| *known == code)?;
        let (x, y) = (column * (TILE.0 + GAP), row * (TILE.1 + GAP));
        Some(Self {
            number: code.to_owned(),
            lines: (y + 47..).step_by(LINE).zip(lines(&name)).collect(),
            count,
            shade: match members {
                0 => 0,
                1..=2 => 1,
                3..=9 => 2,
                _ => 3,
            },
            x,
            y,
            middle: x + TILE.0 / 2,
        })
    }
}

/// Breaks a name of several places after the hyphen that leaves its lines most even.
fn lines(name: &str) -> Vec<String> {
    let half = name.chars().count() / 2;
    let breaks = name.char_indices().enumerate().filter(|(_, (_, c))| matches!(c, '-' | '–' | ' '));
    let best = breaks.min_by_key(|(at, _)| at.abs_diff(half));
    match best {
        Some((_, (at, c))) if name.chars().count() > 14 => {
            let (first, rest) = name.split_at(at + c.len_utf8());
            vec![first.trim().to_owned(), rest.trim().to_owned()]
        }
        _ => vec![name.to_owned()],
    }
}

/// Nodes that are drawn; the table has all. More names than these cover each other.
const MAX_SPOKES: usize = 16;
/// Width and height of the graph, in the units of the drawing.
const GRAPH: (f64, f64) = (640.0, 420.0);
/// How far from the middle other nodes stand, aside and up.
const RADIUS: (f64, f64) = (215.0, 160.0);
/// Characters of a name in the graph.
const MAX_NAME: usize = 22;

/// This node in the middle of those that it knows.
#[derive(Debug, askama::Template)]
#[template(path = "graph.html")]
pub(super) struct Graph {
    title: String,
    about: String,
    own: String,
    nodes: Vec<Placed>,
    width: u32,
    height: u32,
}

/// Another node, and how it is connected.
#[derive(Debug)]
pub(super) struct Spoke {
    pub(super) name: String,
    /// `direct`, `relayed` or `away`: how the line is drawn.
    pub(super) style: &'static str,
}

#[derive(Debug)]
struct Placed {
    name: String,
    style: &'static str,
    x: String,
    y: String,
    /// Where the name stands: above or below its node, whichever is outside.
    name_y: String,
}

impl Graph {
    pub(super) fn new(
        title: String,
        about: String,
        own: String,
        spokes: impl Iterator<Item = Spoke>,
    ) -> Self {
        let spokes: Vec<Spoke> = spokes.take(MAX_SPOKES).collect();
        let share = std::f64::consts::TAU / f64::from(u32::try_from(spokes.len().max(1)).unwrap_or(1));
        // From the top; where nodes would stand beside each other at the height of this one, turned a little.
        let turn = if spokes.len().is_multiple_of(4) { share / 2.0 } else { 0.0 };
        let mut angle = turn - std::f64::consts::FRAC_PI_2;
        let nodes = spokes.into_iter().map(|spoke| {
            let (y, x) = angle.sin_cos();
            angle += share;
            let (x, y) = (GRAPH.0 / 2.0 + x * RADIUS.0, GRAPH.1 / 2.0 + y * RADIUS.1);
            let name_y = if y < GRAPH.1 / 2.0 { y - 16.0 } else { y + 28.0 };
            let [x, y, name_y] = [x, y, name_y].map(|length| format!("{length:.0}"));
            Placed { name: cut(&spoke.name, MAX_NAME), style: spoke.style, x, y, name_y }
        });
        Self { title, about, own: cut(&own, MAX_NAME), nodes: nodes.collect(), width: 640, height: 420 }
    }
}

/// Returns the first characters of a name.
fn cut(name: &str, most: usize) -> String {
    match name.char_indices().nth(most) {
        Some((end, _)) => format!("{}…", &name[..end]),
        None => name.to_owned(),
    }
}
