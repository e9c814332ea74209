//! A network of one steward and any number of members, for the benches of whole nodes.

use std::path::Path;

use multaqa_node::driver::Draft;
use multaqa_node::folder::{Init, init};
use multaqa_node::{Config, Node};
use multaqa_protocol::codec::Value;
use multaqa_protocol::id::{AuthorId, BodyHash, NetworkId};
use multaqa_protocol::network::{Admission, Admit, Body, Charter, Join};
use multaqa_protocol::record::{self, Record};

use crate::Error;

/// Makes the folder of a node.
///
/// # Errors
///
/// When it cannot be made.
pub fn make(dir: &Path, name: &str) -> Result<AuthorId, Error> {
    let draft = serde_json::json!({ "names": { "fr": name }, "level": "association" });
    let map = record::draft("profile", serde_json::from_value(draft)?).map_err(|_| "a valid profile")?;
    let Record::Profile(profile) = record::read("profile", &map)? else { return Err("a profile".into()) };
    Ok(init(&Init { dir: dir.to_owned(), profile: *profile })?.author)
}

/// Founds a network whose members are `authors`, with its one steward's node in `dir`.
///
/// # Errors
///
/// When the node cannot be opened or does not sign.
pub async fn found(dir: &Path, authors: &[AuthorId]) -> Result<(Node, NetworkId), Error> {
    let steward = make(dir, "Sender")?;
    let node = Node::open(Config::alone(dir.to_owned())).await?;
    let charter: Value = serde_json::from_value(serde_json::json!({
        "k": 1, "text": { "fr": "Charte" }, "names": { "fr": "Essai" }, "licence": "CC-BY-4.0", "version": 0,
        "stewards": [], "versions": [1], "principles": ["transparency"],
    }))?;
    let charter: Charter = charter.to()?;
    let net = node.found(Charter { stewards: vec![steward], ..charter }).await?;
    let join = Join { act: None, net, charter: BodyHash(net.0) };
    let admission = |author| Admission { place: None, level: None, author, stands: None, succeeds: None };
    let mut listed: Vec<AuthorId> = authors.iter().copied().chain([steward]).collect();
    listed.sort_unstable();
    let admit = Admit { net, items: listed.into_iter().map(admission).collect() };
    let draft = |kind: &str, body| Draft { kind: kind.into(), body, salt: None };
    node.publish(vec![draft("join", join.to_map()), draft("admit", admit.to_map())]).await?;
    Ok((node, net))
}
