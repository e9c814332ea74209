//! `network`, `invite` and `join`: how a network begins and grows.

use std::fs;
use std::path::Path;

use multaqa_node::api::types::Network;
use multaqa_node::api::types::{
    Application, Invitation, InvitationRequest, JoinRequest, NetworkRequest, NodeStatus, Published,
};
use multaqa_protocol::id::AuthorId;
use multaqa_protocol::record::Words;
use qrcode::QrCode;
use qrcode::render::unicode::Dense1x2;
use serde::Deserialize;

use super::bundle::write_application;
use super::init::best;
use crate::args::{Invite, Join};
use crate::client::Client;
use crate::context::Context;
use crate::draft::Source;
use crate::error::{Exit, Outcome, failure};
use crate::messages::say;
use crate::output::short;

/// How a charter names the author of the node that founds the network.
const SELF: &str = "self";

/// A charter as a file says it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct CharterFile {
    names: Words,
    text: Words,
    #[serde(default)]
    principles: Vec<String>,
    licence: String,
    stewards: Vec<String>,
    k: Option<u64>,
    #[serde(default = "yes")]
    join: bool,
}

const fn yes() -> bool {
    true
}

/// Founds a network: signs version 0 of its charter.
pub(crate) async fn create(file: &Path, context: &Context) -> Outcome {
    let catalogue = &context.catalogue;
    let source = Source::read(file)?;
    let refused = |faults| failure!(Exit::Usage, "error-files").items(faults);
    let charter: CharterFile = source.parse(catalogue).map_err(|fault| refused(vec![fault]))?;
    let client = Client::connect(context).await?;
    let status: NodeStatus = client.get("/status", &[]).await?;
    let mut stewards = Vec::new();
    for (at, steward) in charter.stewards.iter().enumerate() {
        match steward.parse::<AuthorId>() {
            Ok(author) => stewards.push(author),
            Err(_) if steward == SELF => stewards.push(status.author),
            Err(_) => {
                let text = say!(catalogue, "problem-bad-id", text = steward.clone());
                return Err(refused(vec![source.at_field(&format!("stewards[{at}]"), &text, catalogue)]));
            }
        }
    }
    stewards.sort();
    let request = NetworkRequest {
        names: charter.names,
        text: charter.text,
        principles: charter.principles,
        stewards,
        k: charter.k,
        licence: charter.licence,
        join: charter.join,
    };
    let published: Published = client.post("/network", &request).await?;
    client.close().await;
    if context.out.json {
        context.out.object(&published);
    } else {
        context.out.line(published.network.map(|id| id.to_string()).unwrap_or_default());
        context.out.note(say!(catalogue, "network-created"));
    }
    Ok(Exit::Ok)
}

/// Shows the charter and its stewards.
pub(crate) async fn show(context: &Context) -> Outcome {
    let catalogue = &context.catalogue;
    let client = Client::connect(context).await?;
    let network: Network = client.get("/network", &[]).await?;
    client.close().await;
    if context.out.json {
        context.out.object(&network);
        return Ok(Exit::Ok);
    }
    let Some(id) = network.id else {
        return Err(failure!(Exit::Config, "error-no-network"));
    };
    context.out.line(best(&network.names, context));
    context.out.line(say!(catalogue, "network-id", id = id.to_string()));
    if !network.charter_known {
        context.out.line(say!(catalogue, "network-charter-unknown"));
        return Ok(Exit::Ok);
    }
    context.out.line("");
    context.out.line(best(&network.text, context));
    context.out.line("");
    context.out.line(say!(catalogue, "network-principles", list = network.principles.join(", ")));
    context.out.line(say!(catalogue, "network-licence", licence = network.licence.clone()));
    let of = network.stewards.len();
    context.out.line(say!(catalogue, "network-quorum", k = network.k, of = of));
    let unsigned = network.versions.first().map(|version| version.unsigned.as_slice()).unwrap_or_default();
    let rows = network.stewards.iter().map(|steward| {
        let signed = if unsigned.contains(&steward.author) {
            say!(catalogue, "network-not-signed")
        } else {
            say!(catalogue, "network-signed")
        };
        vec![steward.author.to_string(), best(&steward.names, context), signed]
    });
    let head = ["head-steward", "head-name", "head-charter"].map(|id| say!(catalogue, id));
    context.out.line("");
    context.out.table(head.to_vec(), rows.collect());
    for version in network.versions.iter().skip(1) {
        let hash = short(&version.hash.to_string());
        context.out.line(say!(catalogue, "network-version", version = version.version, hash = hash));
    }
    Ok(Exit::Ok)
}

/// Makes an invitation.
pub(crate) async fn invite(args: Invite, context: &Context) -> Outcome {
    let catalogue = &context.catalogue;
    let client = Client::connect(context).await?;
    if args.address.is_empty() && !client.is_running() {
        client.close().await;
        return Err(failure!(Exit::NoNode, "error-no-address"));
    }
    let request = InvitationRequest { addresses: args.address };
    let invitation: Invitation = client.post("/invitations", &request).await?;
    client.close().await;
    if let Some(path) = &args.out {
        fs::write(path, format!("{}\n", invitation.line)).map_err(|error| {
            failure!(Exit::Other, "error-write", path = path.display().to_string()).detail(error)
        })?;
    }
    if context.out.json {
        context.out.object(&invitation);
        return Ok(Exit::Ok);
    }
    context.out.line(&invitation.line);
    if args.qr {
        let code = QrCode::new(invitation.line.as_bytes())
            .map_err(|error| failure!(Exit::Other, "error-qr").detail(error))?;
        context.out.line(code.render::<Dense1x2>().build());
    }
    let name = best(&invitation.names, context);
    context.out.note(say!(catalogue, "invite-note", name = name, id = invitation.network.to_string()));
    Ok(Exit::Ok)
}

/// Asks to be a member of the network that an invitation names.
pub(crate) async fn join(args: Join, context: &Context) -> Outcome {
    let catalogue = &context.catalogue;
    let invitation = line_of(&args.invite)?;
    let client = Client::connect(context).await?;
    let request = JoinRequest { invitation, act: args.act };
    let application: Application = client.post("/network/enter", &request).await?;
    if let Some(path) = &args.out {
        write_application(&client, path).await?;
    }
    client.close().await;
    if context.out.json {
        context.out.object(&application);
        return Ok(Exit::Ok);
    }
    context.out.line(application.entry.to_string());
    context.out.note(match application.k {
        Some(k) => say!(catalogue, "join-waiting", k = k),
        None => say!(catalogue, "join-waiting-unknown"),
    });
    if let Some(path) = &args.out {
        context.out.note(say!(catalogue, "join-application", path = path.display().to_string()));
    } else {
        context.out.note(say!(catalogue, "join-run"));
    }
    Ok(Exit::Ok)
}

/// Returns the invitation that is given, or that is in the file which is given.
pub(super) fn line_of(invite: &str) -> Outcome<String> {
    let path = Path::new(invite);
    if invite != "-" && !path.is_file() {
        return Ok(invite.trim().to_owned());
    }
    let text =
        if invite == "-" { std::io::read_to_string(std::io::stdin()) } else { fs::read_to_string(path) };
    let text =
        text.map_err(|error| failure!(Exit::Usage, "error-read", path = invite.to_owned()).detail(error))?;
    Ok(text.trim().to_owned())
}
