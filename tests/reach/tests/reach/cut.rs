//! A cut line: packets vanish and no interface tells; it has to show, and to heal by itself.

use multaqa_reach::{Limit, Line, Member, Switch, figure};

use crate::{BUSY, HAJEB, SETTAT};

#[test]
fn a_cut_line_shows_and_heals_over_tcp() {
    cut("/ip4/0.0.0.0/tcp/4480");
}

#[test]
fn a_cut_line_shows_and_heals_over_quic() {
    cut("/ip4/0.0.0.0/udp/4480/quic-v1");
}

fn cut(listen: &str) {
    let dir = tempfile::tempdir().unwrap();
    let internet = Switch::internet();
    let mut members = [("settat", SETTAT), ("hajeb", HAJEB)]
        .map(|(name, code)| Member::new(dir.path(), name, code, internet.host(name, Line::Cable)));
    let [settat, hajeb] = &mut members;
    let options = ["--listen", listen];
    settat.found();
    let mut running = vec![settat.start(&options)];
    hajeb.join(&settat.invite(&[]));
    running.push(hajeb.start(&options));
    let limit = Limit::seconds(60);
    settat.admit(hajeb, limit);
    limit.wait(|| hajeb.is_member());
    limit.wait(|| settat.is_connected(hajeb));

    let limit = Limit::seconds(15 * BUSY);
    internet.cut(&hajeb.host);
    for (one, other) in [(&*settat, &*hajeb), (hajeb, settat)] {
        let (why, took) = limit.wait(|| match one.is_connected(other) {
            Ok(row) => Err(format!("the cut does not show: {row}")),
            Err(_) => Ok(one.sees(other)?["why"].clone()),
        });
        figure(&format!("{listen}: cut, shown as {why} after"), took);
    }
    let records = [settat.publish("Portes ouvertes", 500), hajeb.publish("Budget participatif", 500)];

    let limit = Limit::seconds(60 * BUSY);
    internet.mend(&hajeb.host);
    let (_, took) = limit.wait(|| settat.is_connected(hajeb));
    figure(&format!("{listen}: mended, connected again after"), took);
    let (_, took) = limit.wait(|| {
        settat.holds(&records)?;
        hajeb.holds(&records)
    });
    figure(&format!("{listen}: mended, records exchanged after"), took);
}
