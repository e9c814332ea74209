//! Verdicts on a record.

use std::collections::BTreeSet;

use multaqa_protocol::follow_up::{Assessor, assessor};
use multaqa_protocol::id::AuthorId;
use multaqa_protocol::record::{EVALUATION, Evaluation, Record};

use super::{Chosen, Referrers, Signed};
use crate::api::types::Verdict;
use crate::view::ViewError;

/// Most evaluations of one record that are shown, the newest first; the library lists all. Each is looked
/// up with its co-signatures, and a programme has two or three.
const MAX_SHOWN: usize = 12;

fn evaluation(record: Record) -> Option<Box<Evaluation>> {
    if let Record::Evaluation(evaluation) = record { Some(evaluation) } else { None }
}

impl Referrers<'_> {
    /// Returns the verdicts on a record, newest first, and whether these are all. `implementers` carry out
    /// what is judged.
    pub(super) fn verdicts(
        &self,
        chosen: &Chosen,
        implementers: &BTreeSet<AuthorId>,
    ) -> Result<(Vec<Verdict>, bool), ViewError> {
        let targets = chosen.targets();
        let found = self.find(EVALUATION, &targets, None, MAX_SHOWN, evaluation)?;
        let is_about = |signed: &Signed<Evaluation>| {
            signed
                .body
                .about
                .is_some_and(|about| about.author == chosen.author && targets.contains(&about.id))
        };
        let mut verdicts = Vec::new();
        let mut is_whole = found.is_whole;
        for signed in found.entries.into_iter().filter(is_about) {
            let (verdict, of_signers) = self.verdict(signed, implementers)?;
            is_whole &= of_signers;
            verdicts.extend(verdict);
        }
        Ok((verdicts, is_whole))
    }

    fn verdict(
        &self,
        signed: Signed<Evaluation>,
        implementers: &BTreeSet<AuthorId>,
    ) -> Result<(Option<Verdict>, bool), ViewError> {
        let Some(of_evaluation) = self.choose(signed.author, signed.id)? else { return Ok((None, true)) };
        let cosigned = self.cosigned(&of_evaluation, &signed.body.parties)?;
        let said = self.report(&signed);
        let self_assessment = assessor(signed.author, implementers) == Assessor::Implementer;
        let body = *signed.body;
        let Some(judged) = body.about else { return Ok((None, true)) };
        let shelf = self.view.library.shelf(judged.author).unwrap_or_default();
        let verdict = Verdict {
            said,
            self_assessment,
            title: body.title,
            summary: body.summary,
            commitment: body.commitment,
            judged: judged.id,
            newer: shelf.replaced_by(judged.id),
            completion: body.completion.as_str().to_owned(),
            early_results: body.early_results.map(|code| code.as_str().to_owned()),
            opened: body.opened,
            ambition: body.ambition.map(|code| code.as_str().to_owned()),
            verifiable: body.verifiable.map(|code| code.as_str().to_owned()),
            relevant: body.relevant.map(|code| code.as_str().to_owned()),
            lessons: body.lessons,
            recommendations: body.recommendations,
            cosigned: cosigned.shown,
        };
        Ok((Some(verdict), cosigned.is_whole))
    }
}
