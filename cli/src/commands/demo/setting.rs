//! The nodes of a demo: made, joined into one network, and given their records to publish.

use std::collections::BTreeMap;
use std::env;
use std::fs;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::time::Duration;

use multaqa_node::api::socket::{Addresses, Serving};
use multaqa_node::api::types::{
    AdmissionRequest, Application, BodyStatus, Candidate, Invitation, InvitationRequest, JoinRequest, List,
    Members, NetworkRequest, NodeStatus, Published, Record, RecordRequest,
};
use multaqa_node::{Config, NetConfig, Node, api, folder};
use multaqa_protocol::engine::Engine;
use multaqa_protocol::id::{AuthorId, EntryId};
use multaqa_protocol::record::Words;
use tokio::time::sleep;

use super::collectivity::{self, Collectivity, Step};
use super::view::{Head, NodeView, Picture};
use crate::client::Client;
use crate::commands::causes;
use crate::commands::init::best;
use crate::commands::run::{addresses, not_started, office_url, public_url, serve};
use crate::context::Context;
use crate::draft::Draft;
use crate::error::{Exit, Outcome, failure};
use crate::messages::say;

/// Most stewards of a demo's network; all nodes of a smaller one.
const STEWARDS: usize = 3;
/// How often a node looks for what it waits for.
const LOOK: Duration = Duration::from_millis(200);
/// The licence of the examples.
const LICENCE: &str = "CC-BY-4.0";
/// What the demo's network is called.
const NAMES: [(&str, &str); 3] = [
    ("ar", "الشبكة المغربية للجماعات الترابية المنفتحة"),
    ("fr", "Réseau marocain des collectivités territoriales ouvertes"),
    ("en", "Moroccan Network of Open Territorial Collectivities"),
];

/// One node of a demo.
pub(super) struct Stage {
    collectivity: Collectivity,
    author: AuthorId,
    data: PathBuf,
    node: Node,
    serving: Serving,
    client: Client,
}

impl Stage {
    /// Returns what the collectivity is called.
    pub(super) fn name(&self, context: &Context) -> String {
        best(&self.collectivity.profile.names, context)
    }

    /// Returns where readers reach the node.
    pub(super) fn public_url(&self) -> String {
        public_url(&self.serving)
    }

    /// Returns where its own people work.
    pub(super) fn office_url(&self) -> String {
        office_url(self.serving.office())
    }

    /// Signs a record, which may name files by what they became.
    async fn sign(&self, draft: &Draft, signed: &BTreeMap<String, EntryId>) -> Outcome<EntryId> {
        let fields = draft.with_files(|file| signed.get(file).map(EntryId::to_string));
        let request = RecordRequest { kind: draft.kind.clone().unwrap_or_default(), fields };
        let published: Published = self.client.post("/records", &request).await?;
        Ok(published.id)
    }

    /// Waits until the node holds a record with its body.
    async fn receives(&self, id: EntryId) {
        loop {
            let record: Outcome<Record> = self.client.get(&format!("/records/{id}"), &[]).await;
            if record.is_ok_and(|record| record.item.body == BodyStatus::Present) {
                return;
            }
            sleep(LOOK).await;
        }
    }
}

/// The nodes of a demo.
pub(super) struct Setting {
    pub(super) nodes: Vec<Stage>,
}

/// Returns the demo's folder: the one given, which must be empty, or a new one.
pub(super) fn folder(given: Option<&Path>) -> Outcome<PathBuf> {
    let dir = given.map_or_else(
        || env::temp_dir().join(format!("multaqa-demo-{}", std::process::id())),
        Path::to_path_buf,
    );
    let name = dir.display().to_string();
    let made = fs::create_dir_all(&dir).and_then(|()| fs::read_dir(&dir)?.next().transpose());
    match made {
        Ok(None) => Ok(dir),
        Ok(Some(_)) => Err(failure!(Exit::Config, "error-folder-not-empty", data = name)),
        Err(error) => Err(failure!(Exit::Config, "error-folder", data = name).detail(error)),
    }
}

impl Setting {
    /// Makes the nodes, founds the network, and has the others ask to join it.
    pub(super) async fn build(
        chosen: Vec<Collectivity>,
        dir: &Path,
        port: Option<u16>,
        context: &Context,
    ) -> Outcome<Self> {
        let made = make(&chosen, dir).await?;
        let count = made.len();
        context.out.note(say!(
            context.catalogue,
            "demo-made",
            count = count,
            dir = dir.display().to_string()
        ));
        let stewards: Vec<AuthorId> = made.iter().take(STEWARDS).map(|(author, _)| *author).collect();
        let mut nodes: Vec<Stage> = Vec::new();
        let mut invitation = None;
        for (at, (collectivity, (author, data))) in chosen.into_iter().zip(made).enumerate() {
            enter(&data, invitation.as_ref(), &stewards).await?;
            // The pages of all nodes, then their offices.
            let ports = match port {
                Some(first) => [port_of(first, at)?, port_of(first, count + at)?],
                None => [0, 0],
            };
            let stage = open(collectivity, author, data, ports).await?;
            if invitation.is_none() {
                let request = InvitationRequest::default();
                let made: Invitation = stage.client.post("/invitations", &request).await?;
                context.out.note(say!(context.catalogue, "demo-founded", id = made.network.to_string()));
                invitation = Some(made.line);
            }
            nodes.push(stage);
        }
        Ok(Self { nodes })
    }

    /// Has every steward confirm every collectivity, itself among them, as its application arrives.
    pub(super) async fn admit(&self, context: &Context) -> Outcome<()> {
        let places: BTreeMap<AuthorId, Option<String>> = self
            .nodes
            .iter()
            .map(|stage| {
                let code = stage.collectivity.profile.code.as_ref().map(|code| code.as_str().to_owned());
                (stage.author, code)
            })
            .collect();
        for steward in self.nodes.iter().take(STEWARDS) {
            for author in self.applied(steward).await? {
                let request = AdmissionRequest {
                    author: author.to_string(),
                    place: places.get(&author).cloned().flatten(),
                    level: None,
                    stands: None,
                    succeeds: Vec::new(),
                };
                let _: Published = steward.client.post("/admissions", &request).await?;
            }
            context.out.note(say!(context.catalogue, "demo-admitted", name = steward.name(context)));
        }
        Ok(())
    }

    /// Waits until a steward has heard of every author, and returns those that it has not admitted.
    async fn applied(&self, steward: &Stage) -> Outcome<Vec<AuthorId>> {
        loop {
            let candidates: List<Candidate> = steward.client.get("/candidates", &[]).await?;
            let members: Members = steward.client.get("/members", &[]).await?;
            let known = |author: AuthorId| {
                candidates.items.iter().any(|candidate| candidate.author == author)
                    || members.items.iter().any(|member| member.author == author && member.since.is_some())
            };
            if self.nodes.iter().all(|stage| known(stage.author)) {
                return Ok(self.nodes.iter().map(|stage| stage.author).collect());
            }
            sleep(LOOK).await;
        }
    }

    /// Publishes every collectivity's records on its own node, and then the story.
    pub(super) async fn publish(&self, context: &Context) -> Outcome<()> {
        let mut signed = BTreeMap::new();
        for stage in &self.nodes {
            for draft in &stage.collectivity.records {
                let id = stage.sign(draft, &signed).await?;
                signed.insert(draft.name.clone(), id);
            }
            let count = stage.collectivity.records.len();
            context.out.note(say!(
                context.catalogue,
                "demo-published",
                name = stage.name(context),
                count = count
            ));
        }
        self.tell(signed, context).await
    }

    /// Publishes the story step by step, each by its author once that has received what it is about. A
    /// small demo leaves out what those say who are not there, and whatever follows from it.
    async fn tell(&self, mut signed: BTreeMap<String, EntryId>, context: &Context) -> Outcome<()> {
        let mut count = 0_u64;
        for Step { by, draft } in collectivity::story() {
            let Some(stage) = self.nodes.iter().find(|stage| stage.collectivity.slug == by) else { continue };
            let about: Option<Vec<EntryId>> =
                draft.files().map(|(_, file)| signed.get(&file).copied()).collect();
            let Some(about) = about else { continue };
            for id in about {
                stage.receives(id).await;
            }
            let id = stage.sign(&draft, &signed).await?;
            signed.insert(draft.name, id);
            count += 1;
        }
        if count > 0 {
            context.out.note(say!(context.catalogue, "demo-story", count = count));
        }
        Ok(())
    }

    /// Has the nodes say what they hold, as they otherwise do once a week. A node that has nothing new to say, or may
    /// not sign at the moment, says nothing.
    pub(super) async fn testify(&self) {
        for stage in &self.nodes {
            let _ = stage.node.testify().await;
        }
    }

    /// Looks at every node.
    pub(super) async fn look(&self) -> Outcome<Picture> {
        let mut nodes = Vec::new();
        for stage in &self.nodes {
            let read = |engine: &Engine| {
                engine.heads().iter().map(|(author, head)| Head::new(author, head)).collect()
            };
            let heads: Result<Vec<Head>, _> = stage.node.with(read).await;
            let heads = heads.map_err(|error| failure!(Exit::Other, "error-node").detail(error))?;
            // After the heads, so that no entry up to one of them is missing in its numbers.
            let status: NodeStatus = stage.client.get("/status", &[]).await?;
            let standing = status.network.as_ref().map(|network| network.state);
            nodes.push(NodeView {
                author: stage.author,
                names: stage.collectivity.profile.names.clone(),
                place: stage.collectivity.profile.code.as_ref().map(|code| code.as_str().to_owned()),
                data: stage.data.display().to_string(),
                public: stage.public_url(),
                office: stage.office_url(),
                peers: status.peers.connected,
                entries: status.store.entries,
                missing: status.store.missing,
                standing,
                heads,
            });
        }
        Ok(Picture { nodes })
    }

    /// Stops every node; their folders stay.
    pub(super) async fn stop(self) {
        for stage in self.nodes {
            stage.serving.stop().await;
            stage.node.shutdown().await;
        }
    }
}

/// Makes the data folders, each with its keys and its profile.
async fn make(chosen: &[Collectivity], dir: &Path) -> Outcome<Vec<(AuthorId, PathBuf)>> {
    let inits: Vec<folder::Init> = chosen
        .iter()
        .map(|collectivity| folder::Init {
            dir: dir.join(collectivity.slug),
            profile: collectivity.profile.clone(),
        })
        .collect();
    let made = tokio::task::spawn_blocking(move || {
        inits
            .iter()
            .map(|init| Ok((folder::init(init)?.author, init.dir.clone())))
            .collect::<Result<Vec<_>, folder::FolderError>>()
    });
    let data = dir.display().to_string();
    made.await
        .expect("making folders does not panic")
        .map_err(|error| failure!(Exit::Config, "error-folder", data = data).detail(causes(&error)))
}

/// Founds the network, or joins the one that an invitation names.
async fn enter(data: &Path, invitation: Option<&String>, stewards: &[AuthorId]) -> Outcome<()> {
    let node = Node::open(Config::alone(data.to_owned())).await.map_err(|error| not_started(&error, data))?;
    let client = Client::of(api::office(node.clone()));
    let entered = match invitation {
        None => found(&client, stewards).await,
        Some(line) => {
            let request = JoinRequest { invitation: line.clone(), act: None };
            let joined: Outcome<Application> = client.post("/network/enter", &request).await;
            joined.map(drop)
        }
    };
    node.shutdown().await;
    entered
}

async fn found(client: &Client, stewards: &[AuthorId]) -> Outcome<()> {
    let mut stewards = stewards.to_vec();
    stewards.sort();
    let k = stewards.len() as u64 / 2 + 1;
    let request = NetworkRequest {
        names: Words::from(NAMES),
        text: Words::from(NAMES),
        principles: Vec::new(),
        stewards,
        k: Some(k),
        licence: LICENCE.to_owned(),
        join: true,
    };
    let _: Published = client.post("/network", &request).await?;
    Ok(())
}

async fn open(
    collectivity: Collectivity,
    author: AuthorId,
    data: PathBuf,
    ports: [u16; 2],
) -> Outcome<Stage> {
    // A demo stays on its machine.
    let listen = addresses(&["/ip4/127.0.0.1/tcp/0".to_owned()])?;
    let network = NetConfig { listen, ..NetConfig::default() };
    let node = Node::open(Config { network: Some(network), ..Config::alone(data.clone()) })
        .await
        .map_err(|error| not_started(&error, &data))?;
    let [public, office] = ports.map(|port| SocketAddr::from((Ipv4Addr::LOCALHOST, port)));
    let at = Addresses { public, office };
    let serving = serve(&node, at, &[]).await?;
    let client = Client::of(api::office(node.clone()));
    Ok(Stage { collectivity, author, data, node, serving, client })
}

fn port_of(first: u16, at: usize) -> Outcome<u16> {
    u16::try_from(at)
        .ok()
        .and_then(|at| first.checked_add(at))
        .ok_or_else(|| failure!(Exit::Usage, "error-demo-port", port = first.to_string()))
}
