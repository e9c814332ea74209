//! A process may open few files, and strangers take what is left.

use std::net::TcpStream;

use multaqa_cluster::{Place, found, string, text, until};

use super::{SETTAT, publish};

/// Files that the node may have open.
const FILES: &str = "--nofile=96";
/// Connections that strangers hold.
const STRANGERS: usize = 300;

#[test]
fn a_node_that_cannot_open_a_file_loses_nothing_and_goes_on_when_it_can() {
    let dir = tempfile::tempdir().unwrap();
    let (place, author) = Place::init(dir.path().join("settat"), SETTAT);
    let _ = found(&place);
    let running = place.start(place.serving(&["prlimit", FILES], &[]));
    let public = string(&running.ready, "public");
    let address = public.trim_start_matches("http://").trim_end_matches('/');

    let held: Vec<TcpStream> = (0..STRANGERS).filter_map(|_| TcpStream::connect(address).ok()).collect();
    assert!(held.len() > 96, "strangers hold {} connections", held.len());
    // The owner is served or told so; what was acknowledged meanwhile is kept.
    let meanwhile: Vec<String> = (0..5)
        .map(|number| publish(&place, &format!("À l'étroit {number}")))
        .filter(|answer| answer.code == 0)
        .map(|answer| string(&answer.object(), "id"))
        .collect();
    drop(held);
    until("it publishes", || publish(&place, "De nouveau").code == 0);
    let log = place.log(&author);
    assert!(meanwhile.iter().all(|id| log.contains(id)));
    running.stop();
    assert_eq!(place.object(["verify", text(&place.dir)])["verdict"], "verified");
}
