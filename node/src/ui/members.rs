//! Who belongs, now or as of a date: how many of each level, where, and each by name. What the network
//! published of itself is added up, and shown beside it where it does not add up.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use axum::extract::State;
use axum::response::Response;
use multaqa_protocol::record::Date;
use serde::Deserialize;

use super::chart::{Map, Tile};
use super::home::LEVELS;
use super::page::{Page, Section};
use super::text::Passage;
use super::{Asked, Visit};
use crate::api::types::{LogHealth, Member, MemberState, Totals};
use crate::api::{Failure, query};
use crate::clock::in_morocco;
use crate::gazetteer::{self, Territory};

/// Numbers of members that were published, with where; see `node/data/README.md`.
const PUBLISHED: &str = include_str!("../../data/published.csv");

static FIGURES: LazyLock<Vec<Published>> = LazyLock::new(|| {
    let rows = csv::Reader::from_reader(PUBLISHED.as_bytes()).into_deserialize();
    rows.collect::<Result<_, _>>().expect("the table is part of the program and tested")
});

/// Numbers of members that somebody published.
#[derive(Clone, Debug, Deserialize)]
struct Published {
    /// As of when.
    date: Date,
    /// The total that was given.
    total: u64,
    region: u64,
    province: u64,
    commune: u64,
    /// Where it was published, as a code that the catalogues have a name for.
    source: String,
}

#[derive(Debug, askama::Template)]
#[template(path = "members.html")]
struct MembersPage {
    /// The date asked for, as a form takes it.
    as_of: String,
    heading: String,
    total: String,
    levels: Vec<(String, String)>,
    unconfirmed: Option<String>,
    map: Map,
    regions: Vec<Region>,
    members: Vec<Row>,
    others: Vec<Row>,
    published: Vec<Claim>,
    page: Page,
}

/// The members of a region.
#[derive(Debug)]
struct Region {
    number: String,
    name: Option<Passage>,
    counts: Vec<String>,
    href: String,
}

/// A member or another author in the table.
#[derive(Debug)]
struct Row {
    href: String,
    name: Passage,
    level: String,
    region: Option<Passage>,
    place: String,
    is_confirmed: bool,
    is_steward: bool,
    since: String,
    admitted: String,
    state: String,
    trouble: Option<String>,
    entries: String,
}

/// A published number of members, added up.
#[derive(Debug)]
struct Claim {
    date: String,
    source: String,
    total: String,
    sum: String,
    /// What is wrong with it, if anything is.
    difference: Option<String>,
}

/// `GET /members`.
pub(super) async fn members(State(api): Asked, visit: Visit) -> Result<Response, Failure> {
    let asked: query::Members = query::parameters(&visit.uri)?;
    let date = asked.as_of()?;
    let (snapshot, table) = api.table(date).await?;
    api.show_of(snapshot, visit, Section::Members, move |page, view| {
        let found = view.members(&table);
        let rows = |is_member: bool| {
            let wanted =
                found.items.iter().filter(move |row| (row.state == MemberState::Member) == is_member);
            wanted.map(|row| Row::new(&page, row)).collect()
        };
        let spread = spread(&found.items);
        let totals = &found.totals;
        Ok(MembersPage {
            as_of: date.and_then(in_morocco).map(|at| at.date().to_string()).unwrap_or_default(),
            heading: match date {
                Some(date) => page.tell("members-as-of", &[("date", page.day(date).into())]),
                None => page.say("members-now"),
            },
            total: page.count("members-total", totals.members),
            levels: levels(&page, totals),
            unconfirmed: (totals.unconfirmed > 0)
                .then(|| page.count("members-unconfirmed", totals.unconfirmed)),
            map: map(&page, &spread),
            regions: regions(&page, &spread),
            members: rows(true),
            others: rows(false),
            published: FIGURES.iter().map(|figure| Claim::new(&page, figure)).collect(),
            page,
        })
    })
    .await
}

fn levels(page: &Page, totals: &Totals) -> Vec<(String, String)> {
    let row = |level: &str, count: u64| (page.count(&format!("count-{level}"), count), level.to_owned());
    let count = |level: &str| totals.levels.get(level).copied().unwrap_or_default();
    let mut rows: Vec<_> = LEVELS.iter().map(|level| row(level, count(level))).collect();
    let others = totals.levels.iter().filter(|(level, _)| !LEVELS.contains(&level.as_str()));
    rows.extend(others.map(|(level, count)| {
        let name = page.code("level", level);
        (format!("{name}: {}", page.number(*count)), level.clone())
    }));
    rows
}

/// Returns how many members of each level there are in each region, by its code.
fn spread(items: &[Member]) -> BTreeMap<&str, BTreeMap<&str, u64>> {
    let mut spread: BTreeMap<&str, BTreeMap<&str, u64>> = BTreeMap::new();
    for member in items.iter().filter(|member| member.state == MemberState::Member) {
        let territory = member.place.as_deref().and_then(gazetteer::find);
        if let (Some(territory), Some(level)) = (territory, member.level.as_deref()) {
            *spread.entry(&territory.region).or_default().entry(level).or_default() += 1;
        }
    }
    spread
}

fn all_regions() -> impl Iterator<Item = &'static Territory> {
    gazetteer::all().iter().filter(|territory| territory.parent.is_none())
}

fn map(page: &Page, spread: &BTreeMap<&str, BTreeMap<&str, u64>>) -> Map {
    let tile = |region: &Territory| {
        let members: u64 = spread.get(region.code.as_str()).map_or(0, |levels| levels.values().sum());
        let name = page.passage(&region.names()).map(|name| name.text).unwrap_or_default();
        Tile::new(&region.code, name, members, page.number(members))
    };
    Map::new(page.say("map-title"), page.say("map-about"), all_regions().filter_map(tile).collect())
}

fn regions(page: &Page, spread: &BTreeMap<&str, BTreeMap<&str, u64>>) -> Vec<Region> {
    let row = |region: &Territory| {
        let levels = spread.get(region.code.as_str());
        let count = |level: &str| levels.and_then(|levels| levels.get(level)).copied().unwrap_or_default();
        let counts = LEVELS.map(count);
        let all: u64 = levels.map_or(0, |levels| levels.values().sum());
        Region {
            number: region.code.clone(),
            name: page.passage(&region.names()),
            counts: counts.into_iter().chain([all]).map(|count| page.number(count)).collect(),
            href: page.library_href("place", &region.code),
        }
    };
    all_regions().map(row).collect()
}

impl Row {
    fn new(page: &Page, member: &Member) -> Self {
        let place = member.place.as_deref();
        Self {
            href: page.member_href(&member.author),
            name: page.author(&member.names, member.author),
            level: member.level.as_deref().map(|level| page.level(level, place)).unwrap_or_default(),
            region: page.region_of(place),
            place: place.map(|code| page.plain(code)).unwrap_or_default(),
            is_confirmed: member.confirmed,
            is_steward: member.steward,
            since: member.since.map(|since| page.day(since)).unwrap_or_default(),
            admitted: page.out_of(member.admitted.by, member.admitted.of),
            state: state(page, member.state),
            trouble: trouble(page, member.log),
            entries: page.number(member.entries),
        }
    }
}

/// Returns how an author stands to the network.
pub(super) fn state(page: &Page, state: MemberState) -> String {
    page.code(
        "member",
        match state {
            MemberState::Member => "member",
            MemberState::Admitted => "admitted",
            MemberState::Suspended => "suspended",
            MemberState::Left => "left",
            MemberState::Closed => "closed",
            MemberState::Candidate => "candidate",
            MemberState::Outside => "outside",
        },
    )
}

/// Returns what is wrong with a log, if anything is.
pub(super) fn trouble(page: &Page, log: LogHealth) -> Option<String> {
    match log {
        LogHealth::Ok => None,
        LogHealth::Forked => Some(page.code("log", "forked")),
        LogHealth::Contested => Some(page.code("log", "contested")),
        LogHealth::NotHeld => Some(page.code("log", "not-held")),
    }
}

impl Claim {
    fn new(page: &Page, published: &Published) -> Self {
        let parts = [published.region, published.province, published.commune];
        let sum: u64 = parts.iter().sum();
        let written = parts.map(|part| page.number(part)).join(" + ");
        Self {
            date: page.date(published.date),
            source: page.code("published-from", &published.source),
            total: page.number(published.total),
            sum: format!("{written} = {}", page.number(sum)),
            difference: (sum != published.total)
                .then(|| page.count("published-differs", published.total.abs_diff(sum))),
        }
    }
}
