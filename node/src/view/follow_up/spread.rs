//! How a practice spread, and which practices that an author took up have new versions.

use std::collections::{BTreeMap, BTreeSet};

use multaqa_protocol::follow_up::{self, spread::Adopter};
use multaqa_protocol::id::{AuthorId, EntryId};
use multaqa_protocol::record::{ADOPTION, Adoption, PRACTICE, Practice, Record};

use super::{Chosen, MAX_FOUND, Referrers, Signed, newest};
use crate::api::types::{ADOPTIONS, AdopterOf, Adoptions, NewerVersion, Status};
use crate::clock::now;
use crate::view::{Filter, MAX_PAGE, ViewError};

fn adoption(record: Record) -> Option<Box<Adoption>> {
    if let Record::Adoption(adoption) = record { Some(adoption) } else { None }
}

fn practice(record: Record) -> Option<Box<Practice>> {
    if let Record::Practice(practice) = record { Some(practice) } else { None }
}

impl Referrers<'_> {
    /// Returns how a practice had spread.
    ///
    /// # Errors
    ///
    /// As [`crate::view::View::find`]; [`ViewError::OtherKind`], [`ViewError::NoBody`].
    pub(crate) fn adoptions(&self, text: &str) -> Result<Adoptions, ViewError> {
        let (chosen, practice) = self.open(text, PRACTICE, practice)?;
        let targets = chosen.targets();
        let found = self.find(ADOPTION, &targets, None, MAX_FOUND, adoption)?;
        let said = found.entries.iter().map(Signed::said).filter(|said| {
            said.body.practice.is_some_and(|of| of.author == chosen.author && targets.contains(&of.id))
        });
        let spread = follow_up::spread(chosen.author, self.day, said);
        let behind: BTreeSet<AuthorId> =
            spread.behind(chosen.row.id).map(|adopter| adopter.latest.author).collect();
        let by_state = spread.counts().into_iter().map(|(state, count)| (state.to_owned(), count as u64));
        let cosigned = self.cosigned(&chosen, &practice.body.parties)?;
        let implementers = cosigned.parties.into_iter().chain([chosen.author]).collect();
        let (evaluations, has_all_verdicts) = self.verdicts(&chosen, &implementers)?;
        Ok(Adoptions {
            schema: ADOPTIONS.into(),
            first: chosen.first,
            version: chosen.row.id,
            author: self.view.author_ref(chosen.author),
            as_of: self.day.to_string(),
            by_state: by_state.collect::<BTreeMap<_, _>>(),
            items: spread
                .adopters
                .iter()
                .filter_map(|adopter| self.adopter(adopter, &chosen, &behind))
                .collect(),
            own: spread.own.clone(),
            evaluations,
            complete: found.is_whole && cosigned.is_whole && has_all_verdicts,
        })
    }

    fn adopter(
        &self,
        adopter: &Adopter<'_>,
        chosen: &Chosen,
        behind: &BTreeSet<AuthorId>,
    ) -> Option<AdopterOf> {
        let latest = adopter.latest;
        let version = adopter.version()?;
        let place = latest.body.place.as_ref().map(|place| place.as_str().to_owned());
        Some(AdopterOf {
            latest: crate::api::types::ReportRef {
                id: latest.id,
                by: self.view.author_ref(latest.author),
                time: latest.time,
            },
            since: adopter.since,
            state: adopter.state().to_owned(),
            place,
            period: latest.body.period.clone(),
            version,
            number: self.number(chosen, version),
            behind: behind.contains(&latest.author),
            adaptation: latest.body.adaptation.clone(),
            results: latest.body.results.clone(),
            lessons: latest.body.lessons.clone(),
            statements: adopter.statements.clone(),
        })
    }

    /// Returns which of the versions of a record one is, from 1.
    fn number(&self, chosen: &Chosen, version: EntryId) -> Option<u64> {
        let shelf = self.view.library.shelf(chosen.author).unwrap_or_default();
        match shelf.chain(chosen.first) {
            Some(chain) => Some(chain.iter().position(|(_, id)| *id == version)? as u64 + 1),
            None => (version == chosen.first).then_some(1),
        }
    }

    /// Returns the practices that an author took up and has not given up, and of which there is a newer
    /// version than the one that it took up; newest adoption first, among its last [`MAX_PAGE`] adoptions.
    ///
    /// # Errors
    ///
    /// [`ViewError::Read`].
    pub(crate) fn newer_versions(&self, author: AuthorId) -> Result<Vec<NewerVersion>, ViewError> {
        let filter = Filter {
            kinds: BTreeSet::from([ADOPTION.to_owned()]),
            author: Some(author),
            statuses: BTreeSet::from([Status::Canonical]),
            as_of: Some(self.until),
            ..Filter::default()
        };
        let page = newest(&self.view, self.index, &filter, None, MAX_PAGE, now())?;
        let (mut newer, mut seen) = (Vec::new(), BTreeSet::new());
        for item in page.iter().flat_map(|page| &page.items) {
            let Some(signed) = self.read(author, &item.id, adoption)? else { continue };
            newer.extend(self.newer_version(&signed, &mut seen)?);
        }
        Ok(newer)
    }

    /// Returns the newer version of the practice that an adoption took up, if there is one.
    ///
    /// # Errors
    ///
    /// [`ViewError::Read`].
    pub(crate) fn newer_version_of(&self, text: &str) -> Result<Option<NewerVersion>, ViewError> {
        let found = self.view.find(text)?;
        match self.read(found.author, &found.id, adoption)? {
            Some(signed) => self.newer_version(&signed, &mut BTreeSet::new()),
            None => Ok(None),
        }
    }

    /// Of several adoptions of one practice, the newest says what was taken up: `seen` are those of which
    /// one was looked at.
    fn newer_version(
        &self,
        signed: &Signed<Adoption>,
        seen: &mut BTreeSet<EntryId>,
    ) -> Result<Option<NewerVersion>, ViewError> {
        let Some(adopted) = signed.body.practice else { return Ok(None) };
        let shelf = self.view.library.shelf(adopted.author).unwrap_or_default();
        let is_first = seen.insert(shelf.first_of(adopted.id));
        let given_up = signed.body.state.as_str() == "abandoned" || adopted.author == signed.author;
        let Some(current) = shelf.replaced_by(adopted.id).filter(|_| is_first && !given_up) else {
            return Ok(None);
        };
        let Some(row) = self.view.row_of(adopted.author, &current)? else { return Ok(None) };
        Ok(Some(NewerVersion {
            adoption: signed.id,
            author: self.view.author_ref(adopted.author),
            adopted: adopted.id,
            current,
            title: self.title(adopted.author, &current)?,
            time: row.time,
        }))
    }
}
