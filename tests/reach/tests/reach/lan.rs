//! One local network: nodes find each other by multicast alone.

use multaqa_reach::{Limit, Line, Member, Switch, figure};

use crate::{BUSY, HAJEB, SETTAT};

#[test]
fn two_nodes_on_one_lan_find_each_other_and_exchange_records() {
    let dir = tempfile::tempdir().unwrap();
    let lan = Switch::new("lan", [192, 168, 7]);
    let mut settat = Member::new(dir.path(), "settat", SETTAT, lan.host("settat", Line::Cable));
    let mut hajeb = Member::new(dir.path(), "hajeb", HAJEB, lan.host("hajeb", Line::Cable));
    settat.found();
    // Nobody is at the only address of the invitation: what brings them together is mDNS.
    hajeb.join(&settat.invite(&["/ip4/192.168.7.250/tcp/4480"]));
    let records = [settat.publish("Portes ouvertes", 500), hajeb.publish("Budget participatif", 500)];

    let limit = Limit::seconds(10 * BUSY);
    let _running = [settat.start(&[]), hajeb.start(&[])];
    let (_, met) = limit.wait(|| settat.is_connected_by(&hajeb, "lan"));
    settat.admit(&hajeb, limit);
    let (_, exchanged) = limit.wait(|| {
        settat.holds(&records)?;
        hajeb.holds(&records)?;
        hajeb.is_member()
    });
    figure("one LAN: met after", met);
    figure("one LAN: admitted and records exchanged after", exchanged);
    limit.wait(|| hajeb.is_connected_by(&settat, "lan"));
}
