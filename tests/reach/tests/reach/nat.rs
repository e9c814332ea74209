//! Homes behind routers that translate addresses, and public members that pass connections on: join
//! with one pasted invitation, then nothing to configure.

use std::path::Path;

use multaqa_reach::{Limit, Line, Member, Nat, Switch, figure};

use crate::{AMMELNE, BUSY, HAJEB, SETTAT, TANGER};

/// Deadline for what the issue gives no time for.
const SECONDS: u64 = 120;

/// Two members behind two routers of one kind, and the networks that they are in.
struct Towns {
    hajeb: Member,
    ammelne: Member,
    internet: Switch,
    homes: [Switch; 2],
}

impl Towns {
    fn new(dir: &Path, nat: Nat) -> Self {
        let internet = Switch::internet();
        let homes = [("home-a", [192, 168, 1]), ("home-b", [192, 168, 1])]
            .map(|(name, prefix)| internet.home(name, prefix, nat));
        let hajeb = Member::new(dir, "hajeb", HAJEB, homes[0].host("hajeb", Line::Cable));
        let ammelne = Member::new(dir, "ammelne", AMMELNE, homes[1].host("ammelne", Line::Cable));
        Self { hajeb, ammelne, internet, homes }
    }

    /// Makes a member with a public address that passes connections on.
    fn relay(&self, dir: &Path, name: &str, code: &str) -> Member {
        let member = Member::new(dir, name, code, self.internet.host(name, Line::Cable));
        member.configure("relay = true\n");
        member
    }

    /// Waits until each sees the other connected by a path; returns the seconds.
    fn connected(&self, path: &str, limit: Limit) -> f64 {
        limit.wait(|| self.hajeb.is_connected_by(&self.ammelne, path));
        limit.wait(|| self.ammelne.is_connected_by(&self.hajeb, path)).1
    }

    /// Publishes at both, and waits until each holds the other's; returns the seconds.
    fn exchange(&self, limit: Limit) -> f64 {
        let records = [&self.hajeb, &self.ammelne].map(|member| member.publish("Budget participatif", 500));
        limit
            .wait(|| {
                self.hajeb.holds(&records)?;
                self.ammelne.holds(&records)
            })
            .1
    }
}

#[test]
fn behind_two_routers_members_meet_directly_and_stay_so_when_the_public_member_dies() {
    let dir = tempfile::tempdir().unwrap();
    let mut towns = Towns::new(dir.path(), Nat::Steady);
    let mut settat = towns.relay(dir.path(), "settat", SETTAT);
    settat.found();
    let running = settat.start(&[]);
    let invitation = settat.invite(&[]);
    for newcomer in [&towns.hajeb, &towns.ammelne] {
        newcomer.join(&invitation);
    }
    let records =
        [&settat, &towns.hajeb, &towns.ammelne].map(|member| member.publish("Portes ouvertes", 500));

    let limit = Limit::seconds(20 * BUSY);
    let _running = [towns.hajeb.start(&[]), towns.ammelne.start(&[])];
    settat.admit(&towns.hajeb, limit);
    settat.admit(&towns.ammelne, limit);
    let (_, took) = limit.wait(|| {
        [&settat, &towns.hajeb, &towns.ammelne].iter().try_for_each(|member| member.holds(&records))
    });
    figure("two routers: admitted and records exchanged after", took);
    figure("two routers: a hole is punched after", towns.connected("direct", limit));
    let since = towns.hajeb.is_connected(&towns.ammelne).unwrap()["since"].clone();
    // Whichever dialled knows the other by the public member's word.
    let rows = [towns.hajeb.sees(&towns.ammelne).unwrap(), towns.ammelne.sees(&towns.hajeb).unwrap()];
    assert!(rows.iter().any(|row| row["introduced"] == settat.peer()), "{rows:?}");

    running.kill();
    let limit = Limit::seconds(SECONDS);
    limit.wait(|| match towns.hajeb.is_connected(&settat) {
        Ok(row) => Err(format!("that it died does not show: {row}")),
        Err(_) => Ok(()),
    });
    figure("two routers: that the public member died shows after", limit.elapsed());
    figure("two routers: without it, records exchanged after", towns.exchange(Limit::seconds(SECONDS)));
    figure("two routers: and once more after", towns.exchange(Limit::seconds(SECONDS)));
    let row = towns.hajeb.is_connected(&towns.ammelne).unwrap();
    assert_eq!(row["since"], since, "it broke meanwhile: {row}");
    assert_eq!(row["path"], "direct", "{row}");
}

#[test]
fn behind_symmetrical_routers_members_meet_through_a_relay_and_another_takes_over() {
    let dir = tempfile::tempdir().unwrap();
    let mut towns = Towns::new(dir.path(), Nat::Symmetrical);
    let mut settat = towns.relay(dir.path(), "settat", SETTAT);
    let mut tanger = towns.relay(dir.path(), "tanger", TANGER);
    settat.found();
    let running = settat.start(&[]);
    let invitation = settat.invite(&[]);
    for newcomer in [&tanger, &towns.hajeb, &towns.ammelne] {
        newcomer.join(&invitation);
    }
    let records = [&towns.hajeb, &towns.ammelne].map(|member| member.publish("Portes ouvertes", 500));

    let limit = Limit::seconds(20 * BUSY);
    let mut all_running = vec![towns.hajeb.start(&[]), towns.ammelne.start(&[])];
    for newcomer in [&towns.hajeb, &towns.ammelne] {
        settat.admit(newcomer, limit);
    }
    let (_, took) =
        limit.wait(|| [&towns.hajeb, &towns.ammelne].iter().try_for_each(|member| member.holds(&records)));
    figure("symmetrical routers: admitted and records exchanged after", took);
    figure("symmetrical routers: connected through a relay after", towns.connected("relayed", limit));
    let relay = |row: &serde_json::Value| row["relay"].as_str().map(str::to_owned);
    let row = towns.hajeb.is_connected(&towns.ammelne).unwrap();
    assert_eq!(relay(&row).as_deref(), Some(settat.peer()), "{row}");

    // A second public member comes, and both take it as their second relay.
    all_running.push(tanger.start(&[]));
    let limit = Limit::seconds(SECONDS);
    settat.admit(&tanger, limit);
    for member in [&towns.hajeb, &towns.ammelne] {
        limit.wait(|| {
            member.relays().contains(&tanger.peer().to_owned()).then_some(()).ok_or_else(|| {
                format!("a node behind a router has not taken the second relay: {:?}", member.relays())
            })
        });
    }
    figure("symmetrical routers: a second relay is taken after", limit.elapsed());

    running.kill();
    let limit = Limit::seconds(SECONDS);
    let (_, took) = limit.wait(|| {
        let row = towns.hajeb.is_connected_by(&towns.ammelne, "relayed")?;
        let taken_over = relay(&row).as_deref() == Some(tanger.peer());
        taken_over.then_some(()).ok_or_else(|| format!("the other relay has not taken over: {row}"))
    });
    figure("symmetrical routers: the relay died, the other one has taken over after", took);
    figure("symmetrical routers: records exchanged then after", towns.exchange(Limit::seconds(SECONDS)));
}

#[test]
fn a_router_that_offers_upnp_makes_a_member_reachable_without_any_relay() {
    let dir = tempfile::tempdir().unwrap();
    let mut towns = Towns::new(dir.path(), Nat::Symmetrical);
    towns.homes[0].offer_upnp(dir.path());
    let mut settat = Member::new(dir.path(), "settat", SETTAT, towns.internet.host("settat", Line::Cable));
    settat.found();
    let _running_settat = settat.start(&[]);
    let invitation = settat.invite(&[]);
    let limit = Limit::seconds(SECONDS);
    let mut running = Vec::new();
    for newcomer in [&mut towns.hajeb, &mut towns.ammelne] {
        newcomer.join(&invitation);
        running.push(newcomer.start(&[]));
        settat.admit(newcomer, limit);
    }
    let took = towns.connected("direct", limit);
    figure("a router with UPnP: reached directly, without a relay, after", took);
}
