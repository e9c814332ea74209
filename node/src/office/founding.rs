//! Setting a node up in the browser, where there is none yet: who it is, then the rotation key to seal, and only
//! when that is said to be on paper are the keys and the log made. Whoever holds the one-time link of the console
//! may; until then nothing is written, so an attempt that is given up leaves nothing behind.

use std::path::{Path as FilePath, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::extract::{DefaultBodyLimit, FromRequestParts, Path, Query, State};
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::middleware::from_fn;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use axum::{Form, Router};
use multaqa_protocol::record::code::Level;
use multaqa_protocol::record::{Place, Profile, Words};
use qrcode::QrCode;
use qrcode::render::svg;
use serde::Deserialize;
use tokio::sync::Notify;
use tokio::time::sleep;
use zeroize::Zeroizing;

use super::book::Purpose;
use super::secret::Secret;
use super::{MAX_FORM, Office, keep_nothing, lock, set_up_path};
use crate::api::Failure;
use crate::clock::now;
use crate::folder::{self, FolderError, Init};
use crate::gazetteer::{self, Territory};
use crate::keys::rotation::RotationKey;
use crate::ui::language::Language;
use crate::ui::page::{Page, Section};
use crate::ui::{self, Visit, render};

/// How long whoever comes before the node has taken over waits before they ask again; browsers do so twenty times.
const TAKING_OVER: Duration = Duration::from_millis(500);
/// Places that are offered; who finds more types more of the name.
const OFFERED: usize = 12;
/// Most characters of a name: what a heading on a phone has room for, and more than any collectivity's.
const LONGEST_NAME: usize = 120;
/// Digits of the key that stand together on paper.
const GROUP: usize = 4;
/// Sides of a module of the QR code, so that it can be read from paper.
const MODULE: u32 = 5;

/// A node that is being set up; a clone is another handle to the same.
#[derive(Clone, Debug)]
pub struct Founding(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    data: PathBuf,
    secret: Secret,
    state: Mutex<Step>,
    done: Notify,
}

/// How far it has come.
#[derive(Debug)]
enum Step {
    /// Nothing is chosen.
    Place,
    /// Who it is has been said, and the key is being written down.
    Key(Box<Profile>, Box<RotationKey>),
    /// The folder is made, or is being made.
    Made,
}

impl Founding {
    /// Prepares to set up a node in a data folder that is empty or not there.
    #[must_use]
    pub fn new(data: &FilePath) -> Self {
        Self(Arc::new(Inner {
            data: data.to_owned(),
            secret: Secret::draw(),
            state: Mutex::new(Step::Place),
            done: Notify::new(),
        }))
    }

    /// Returns the path of the one-time link.
    #[must_use]
    pub fn path(&self) -> String {
        set_up_path(&self.0.secret)
    }

    /// Returns once the data folder is made. The link goes on to make the first administrator.
    pub async fn made(&self) {
        self.0.done.notified().await;
    }

    /// Returns the pages.
    pub fn router(&self) -> Router {
        let mut router = Router::new().route("/assets/{version}/{name}", get(ui::assets::asset));
        for language in Language::ALL {
            let at = |path: &str| format!("/{}/office/setup/{{secret}}{path}", language.tag());
            router = router
                .route(&at(""), get(places).post(choose_place))
                .route(&at("/partner"), post(choose_partner))
                .route(&at("/key"), get(key).post(seal));
        }
        let router = router
            .fallback(async |visit: Visit| closed(&visit))
            .layer(DefaultBodyLimit::max(MAX_FORM))
            .layer(from_fn(keep_nothing));
        crate::api::guarded(router).with_state(self.clone())
    }

    /// Makes the data folder with the key that was written down, and keeps the link for the first administrator.
    fn make(&self, profile: Profile, key: &RotationKey) -> Result<(), FolderError> {
        let data = self.0.data.clone();
        let made = folder::init_with(&Init { dir: data.clone(), profile }, key)?;
        tracing::info!(author = %made.author, "a node was set up");
        Office::new(&data).keep_link(Purpose::SetUp, self.0.secret.hash(), now())
    }
}

/// Returns the profile of a collectivity, as the gazetteer has it.
fn profile(place: &Territory) -> Profile {
    Profile {
        names: place.names(),
        level: place.level.clone(),
        code: Some(Place::from(place.code.as_str())),
        parent: place.parent.as_deref().map(Place::from),
        ..Profile::default()
    }
}

/// Whose link it is, where it opens; everybody else is refused.
struct Founder(Founding);

impl FromRequestParts<Founding> for Founder {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, founding: &Founding) -> Result<Self, Response> {
        let secret = Path::<String>::from_request_parts(parts, founding).await;
        let opens =
            secret.is_ok_and(|Path(secret)| Secret::brought(&secret).hash() == founding.0.secret.hash());
        match (opens, Visit::from_request_parts(parts, founding).await) {
            (true, _) => Ok(Self(founding.clone())),
            (false, Ok(visit)) => Err(closed(&visit)),
            (false, Err(never)) => match never {},
        }
    }
}

impl Founder {
    fn href(&self, page: &Page, rest: &str) -> String {
        page.href(&format!("/office/setup/{}{rest}", self.0.0.secret.text()))
    }
}

fn frame(visit: &Visit) -> Page {
    Page::new(visit.language, Section::Elsewhere, &visit.uri).alone()
}

fn answer(status: StatusCode, template: &impl askama::Template) -> Response {
    ui::with_status(status, render(template))
}

#[derive(Debug, askama::Template)]
#[template(path = "office/closed.html")]
struct ClosedPage {
    page: Page,
}

/// Answers who comes without the link.
fn closed(visit: &Visit) -> Response {
    answer(StatusCode::NOT_FOUND, &ClosedPage { page: frame(visit) })
}

/// What is looked for.
#[derive(Debug, Default, Deserialize)]
struct Sought {
    #[serde(default)]
    q: String,
}

#[derive(Debug, askama::Template)]
#[template(path = "office/place.html")]
struct PlacePage {
    q: String,
    places: Vec<Offer>,
    /// The kinds of bodies that are no collectivity, with what they are called.
    partners: Vec<(&'static str, String)>,
    /// What somebody wrote of one, and why it was not taken.
    partner: Partner,
    refused: Option<String>,
    action: String,
    page: Page,
}

/// A place that is offered.
#[derive(Debug)]
struct Offer {
    code: &'static str,
    name: String,
    about: String,
}

/// `GET /office/setup/{secret}`: which collectivity this is.
async fn places(founder: Founder, Query(Sought { q }): Query<Sought>, visit: Visit) -> Response {
    if matches!(*lock(&founder.0.0.state), Step::Made) {
        // The node takes over where this ends; whoever is quicker asks again.
        sleep(TAKING_OVER).await;
        return Redirect::to(&founder.href(&frame(&visit), "")).into_response();
    }
    answer(StatusCode::OK, &PlacePage::new(&founder, &visit, q))
}

impl PlacePage {
    fn new(founder: &Founder, visit: &Visit, q: String) -> Self {
        let page = frame(visit);
        let offer = |place: &'static Territory| {
            let region = page.region_of(Some(&place.code)).map(|region| region.text);
            let about: Vec<String> = [Some(page.level(place.level.as_str(), Some(&place.code))), region]
                .into_iter()
                .flatten()
                .collect();
            Offer {
                code: &place.code,
                name: page.passage(&place.names()).map(|name| name.text).unwrap_or_default(),
                about: page.list(&about),
            }
        };
        let places = gazetteer::search(&q, OFFERED).into_iter().map(offer).collect();
        let partners = Level::KNOWN.iter().copied().filter(|kind| !Level::from(*kind).is_territorial());
        Self {
            q,
            places,
            partners: partners.map(|kind| (kind, page.level(kind, None))).collect(),
            partner: Partner::default(),
            refused: None,
            action: founder.href(&page, ""),
            page,
        }
    }
}

/// A place that was chosen.
#[derive(Debug, Deserialize)]
struct Chosen {
    place: String,
}

/// `POST /office/setup/{secret}`.
async fn choose_place(
    founder: Founder,
    visit: Visit,
    Form(Chosen { place }): Form<Chosen>,
) -> Result<Response, Failure> {
    let place = gazetteer::find(&place).ok_or(Failure::UnknownPlace(place))?;
    go_to_key(&founder, &visit, profile(place))
}

/// A body that is no collectivity, as it was written.
#[derive(Clone, Debug, Default, Deserialize)]
struct Partner {
    #[serde(default)]
    kind: String,
    #[serde(default)]
    ar: String,
    #[serde(default)]
    fr: String,
}

impl Partner {
    /// Returns its profile; nothing where it has no name, a longer one than is shown, or no kind.
    fn profile(&self) -> Option<Profile> {
        let mut names = Words::default();
        for (tag, name) in [("ar", &self.ar), ("fr", &self.fr)] {
            let name = name.trim();
            if !name.is_empty() {
                names.insert(tag, name);
            }
        }
        let is_short = [&self.ar, &self.fr].iter().all(|name| name.chars().count() <= LONGEST_NAME);
        let level = Level::from(self.kind.as_str());
        let is_partner = level.is_known() && !level.is_territorial();
        (is_partner && is_short && !names.is_empty()).then(|| Profile { names, level, ..Profile::default() })
    }
}

/// `POST /office/setup/{secret}/partner`: this is no collectivity.
async fn choose_partner(
    founder: Founder,
    visit: Visit,
    Form(partner): Form<Partner>,
) -> Result<Response, Failure> {
    match partner.profile() {
        Some(profile) => go_to_key(&founder, &visit, profile),
        None => {
            let mut page = PlacePage::new(&founder, &visit, String::new());
            page.refused = Some(page.page.say("office-partner-refused"));
            page.partner = partner;
            Ok(answer(StatusCode::UNPROCESSABLE_ENTITY, &page))
        }
    }
}

fn go_to_key(founder: &Founder, visit: &Visit, profile: Profile) -> Result<Response, Failure> {
    let profile = Box::new(profile);
    let mut state = lock(&founder.0.0.state);
    *state = match std::mem::replace(&mut *state, Step::Place) {
        // A key that may be on paper already stays the one.
        Step::Key(_, key) => Step::Key(profile, key),
        Step::Place => {
            let key = RotationKey::draw().map_err(FolderError::from)?;
            Step::Key(profile, Box::new(key))
        }
        Step::Made => Step::Made,
    };
    drop(state);
    Ok(Redirect::to(&founder.href(&frame(visit), "/key")).into_response())
}

#[derive(Debug, askama::Template)]
#[template(path = "office/key.html")]
struct KeyPage {
    place: String,
    groups: Vec<String>,
    qr: String,
    refused: Option<String>,
    back: String,
    page: Page,
}

impl KeyPage {
    fn new(founder: &Founder, visit: &Visit, refused: bool) -> Result<Self, Failure> {
        let page = frame(visit);
        let state = lock(&founder.0.0.state);
        let Step::Key(profile, key) = &*state else { return Err(Failure::NoRoute) };
        let text = key.text();
        let digits: Vec<char> = text.chars().collect();
        let qr = QrCode::new(text.as_bytes()).expect("a key fits a QR code");
        let qr = qr.render::<svg::Color<'_>>().module_dimensions(MODULE, MODULE).build();
        Ok(Self {
            place: page.passage(&profile.names).map(|name| name.text).unwrap_or_default(),
            groups: digits.chunks(GROUP).map(|group| group.iter().collect()).collect(),
            // Within a page it is an element, not a document.
            qr: qr.find("<svg").map(|from| qr[from..].to_owned()).unwrap_or_default(),
            refused: refused.then(|| page.say("office-key-not-sealed")),
            back: founder.href(&page, ""),
            page,
        })
    }
}

/// `GET /office/setup/{secret}/key`: the rotation key, until it is said to be on paper.
async fn key(founder: Founder, visit: Visit) -> Result<Response, Failure> {
    if !matches!(*lock(&founder.0.0.state), Step::Key(..)) {
        return Ok(Redirect::to(&founder.href(&frame(&visit), "")).into_response());
    }
    Ok(answer(StatusCode::OK, &KeyPage::new(&founder, &visit, false)?))
}

/// Whether the key is on paper.
#[derive(Debug, Deserialize)]
struct Sealed {
    #[serde(default)]
    sealed: String,
}

/// `POST /office/setup/{secret}/key`: makes the node.
async fn seal(
    State(founding): State<Founding>,
    founder: Founder,
    visit: Visit,
    Form(Sealed { sealed }): Form<Sealed>,
) -> Result<Response, Failure> {
    let next = founder.href(&frame(&visit), "");
    if sealed.is_empty() {
        return Ok(answer(StatusCode::UNPROCESSABLE_ENTITY, &KeyPage::new(&founder, &visit, true)?));
    }
    let step = std::mem::replace(&mut *lock(&founding.0.state), Step::Made);
    let Step::Key(profile, key) = step else {
        // Sent twice: it is made, or the first step comes first.
        if matches!(step, Step::Place) {
            *lock(&founding.0.state) = Step::Place;
        }
        return Ok(Redirect::to(&next).into_response());
    };
    let again = Zeroizing::new(key.text());
    let (making, made_of) = (founding.clone(), (*profile).clone());
    let made = tokio::task::spawn_blocking(move || making.make(made_of, &key)).await;
    if let Err(error) = made.expect("making a folder does not panic") {
        // The key that is on paper stays the one, for when the folder can be written.
        if let Ok(key) = RotationKey::read(&again) {
            *lock(&founding.0.state) = Step::Key(profile, Box::new(key));
        }
        return Err(error.into());
    }
    founding.0.done.notify_one();
    Ok(Redirect::to(&next).into_response())
}

#[cfg(test)]
mod tests;
