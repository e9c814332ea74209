//! What a node remembers: it comes back without whoever invited it.

use multaqa_reach::{Limit, Line, Member, Switch, figure};

use crate::{AMMELNE, HAJEB, SETTAT};

#[test]
fn a_node_that_restarts_finds_others_though_the_one_that_invited_it_is_gone() {
    let dir = tempfile::tempdir().unwrap();
    let internet = Switch::internet();
    let mut members = [("settat", SETTAT), ("hajeb", HAJEB), ("ammelne", AMMELNE)]
        .map(|(name, code)| Member::new(dir.path(), name, code, internet.host(name, Line::Cable)));
    let [settat, hajeb, ammelne] = &mut members;
    settat.found();
    let running_settat = settat.start(&[]);
    let invitation = settat.invite(&[]);
    let limit = Limit::seconds(120);
    for newcomer in [&*hajeb, &*ammelne] {
        newcomer.join(&invitation);
    }
    let (running_hajeb, _running_ammelne) = (hajeb.start(&[]), ammelne.start(&[]));
    for newcomer in [&*hajeb, &*ammelne] {
        settat.admit(newcomer, limit);
        limit.wait(|| newcomer.is_member());
    }
    limit.wait(|| hajeb.is_connected(ammelne));
    figure("one invitation: those invited are connected with each other after", limit.elapsed());

    running_hajeb.stop();
    running_settat.kill();
    let record = [hajeb.publish("Budget participatif", 500)];
    let limit = Limit::seconds(120);
    let _running_hajeb = hajeb.start(&[]);
    limit.wait(|| ammelne.holds(&record));
    figure("restarted, and who invited is gone: a record is at another after", limit.elapsed());
}
