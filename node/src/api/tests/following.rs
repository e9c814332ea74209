use super::networks::{apply, carry};
use super::*;

/// A steward and a member of one network, each holding all that the other signed.
pub(crate) struct Two {
    pub(crate) steward: Desk,
    pub(crate) member: Desk,
}

impl Two {
    pub(crate) async fn new() -> Self {
        let (steward, member) = (Desk::founder().await, Desk::new("Martil", Some("01.573.01.03")).await);
        apply(&steward, &member).await;
        let admission = json!({ "author": member.author.to_string(), "place": "01.573.01.03" });
        steward.post::<Published>("/admissions", &admission).await;
        let two = Self { steward, member };
        two.share().await;
        two
    }

    pub(crate) async fn share(&self) {
        carry(&self.steward, &self.member).await;
        carry(&self.member, &self.steward).await;
    }
}

pub(crate) async fn publish(desk: &Desk, kind: &str, fields: Json) -> EntryId {
    desk.post::<Published>("/records", &json!({ "kind": kind, "fields": fields })).await.id
}

/// Signs what this node refuses to sign, as another program may.
async fn publish_unchecked(desk: &Desk, kind: &str, fields: Json) -> EntryId {
    let body = record::draft(kind, serde_json::from_value(fields).unwrap()).unwrap();
    let draft = crate::driver::Draft { kind: kind.to_owned(), body, salt: None };
    desk.node.publish(vec![draft]).await.unwrap()[0]
}

pub(crate) async fn reference(desk: &Desk, id: EntryId) -> Json {
    let record: super::super::types::Record = desk.get(&format!("/records/{id}")).await;
    json!({ "author": record.item.author.to_string(), "seq": record.item.seq, "id": id.to_string() })
}

pub(crate) fn plan() -> Json {
    json!({
        "title": { "fr": "Programme" }, "summary": { "fr": "Essai" }, "principles": ["transparency"],
        "declared": [{ "percent": 44, "as_of": "2024-11", "source": "https://example.org/44" }],
        "parties": [{ "place": "01.573.01.03" }],
        "commitments": [
            { "id": "a", "title": { "fr": "Publier" }, "principles": ["transparency"], "milestones": [
                { "id": "m1", "title": { "fr": "Un" }, "end": "2024-06" },
                { "id": "m2", "title": { "fr": "Deux" }, "end": "2024-12" },
            ] },
            { "id": "b", "title": { "fr": "Écouter" }, "principles": ["participation"] },
        ],
    })
}

pub(crate) fn report(plan: &Json, commitment: &str, milestones: Json) -> Json {
    let summary = json!({ "fr": "Fait" });
    json!({ "plan": plan, "commitment": commitment, "as_of": "2024-07", "summary": summary, "milestones": milestones })
}

#[tokio::test]
async fn a_plan_s_share_is_derived_from_signed_reports_beside_what_was_declared() {
    let desk = Desk::founder().await;
    let id = publish(&desk, "plan", plan()).await;
    let of_plan = reference(&desk, id).await;
    let sources = json!([{ "address": "https://example.org/portail" }]);
    let done = json!([{ "milestone": "m1", "status": "complete", "sources": sources }]);
    let first = publish(&desk, "progress", report(&of_plan, "a", done)).await;
    publish(&desk, "progress", report(&of_plan, "b", json!([{ "status": "limited" }]))).await;
    let lost = json!([{ "milestone": "m9", "status": "complete" }]);
    let lost = publish_unchecked(&desk, "progress", report(&of_plan, "a", lost)).await;

    let answer: PlanFollowUp = desk.get(&format!("/plans/{}", &id.to_string()[..8])).await;
    assert_eq!((answer.schema.as_str(), answer.first, answer.version), (PLAN, id, id));
    assert!(answer.complete && !answer.signed_later);
    assert_eq!(answer.as_of, crate::view::follow_up::today().to_string());
    assert!(answer.rule.get("ar").is_some() && answer.rule.get("fr").is_some());
    let progress = &answer.progress;
    assert_eq!((progress.steps, progress.complete, progress.counted, progress.percent), (3, 1, 3, Some(33)));
    assert_eq!(progress.evidenced, 1);
    assert_eq!(progress.by_status["limited"], 1);
    let declared = answer.declared.unwrap();
    assert_eq!((declared.percent, declared.differs), (44, true));
    assert_eq!(answer.implementers.iter().map(|who| who.author).collect::<Vec<_>>(), [desk.author]);
    assert_eq!((answer.reports.len(), answer.reports_by_others), (3, 0));
    let step = &answer.commitments[0].steps[0];
    assert_eq!((step.status.as_str(), step.evidenced, step.name.pace), ("complete", true, Pace::Settled));
    assert_eq!((step.reports[0].report.id, step.reports[0].sources.len()), (first, 1));
    assert_eq!(answer.commitments[1].steps[0].status, "limited");
    assert_eq!(answer.overdue.iter().map(|step| step.milestone.as_deref()).collect::<Vec<_>>(), [Some("m2")]);
    let [unresolved] = answer.unresolved.try_into().unwrap();
    assert_eq!((unresolved.report, unresolved.milestone.as_deref()), (lost, Some("m9")));

    let before: PlanFollowUp = desk.get(&format!("/plans/{id}?as_of=2024-11-30")).await;
    assert!(before.signed_later, "the plan was signed after that date");
    assert_eq!((before.progress.complete, before.reports.len()), (0, 0));
    assert!(before.declared.unwrap().differs, "44 % were declared, and nothing was signed");
    let earlier: PlanFollowUp = desk.get(&format!("/plans/{id}?as_of=2024-10-31")).await;
    assert_eq!(earlier.declared, None, "nothing was declared yet");
}

#[tokio::test]
async fn a_report_counts_once_its_author_carries_the_plan_out() {
    let two = Two::new().await;
    let id = publish(&two.steward, "plan", plan()).await;
    let of_plan = reference(&two.steward, id).await;
    two.share().await;
    let done = json!([{ "milestone": "m2", "status": "complete" }]);
    let report = publish(&two.member, "progress", report(&of_plan, "a", done)).await;
    two.share().await;
    let before: PlanFollowUp = two.steward.get(&format!("/plans/{id}")).await;
    assert_eq!((before.progress.complete, before.reports_by_others), (0, 1));
    assert_eq!(before.by_others.iter().map(|other| other.id).collect::<Vec<_>>(), [report]);
    assert_eq!(before.cosigned.expected[0].signed, None);

    publish(&two.member, "endorse", json!({ "endorses": of_plan, "capacity": "party" })).await;
    two.share().await;
    let after: PlanFollowUp = two.steward.get(&format!("/plans/{id}")).await;
    assert_eq!((after.progress.complete, after.progress.evidenced, after.reports_by_others), (1, 0, 0));
    assert_eq!(after.cosigned.expected[0].signed.as_ref().unwrap().author, two.member.author);
    assert!(after.cosigned.by[0].current);

    // A correction of the text does not undo what the party promised.
    let mut corrected = plan();
    corrected["title"] = json!({ "fr": "Programme corrigé" });
    two.steward.post::<Published>(&format!("/records/{id}/revise"), &json!({ "fields": corrected })).await;
    let later: PlanFollowUp = two.steward.get(&format!("/plans/{id}")).await;
    assert_eq!((later.progress.complete, later.title.get("fr")), (1, Some("Programme corrigé")));
    assert!(!later.cosigned.by[0].current, "the version that bears the signature is an earlier one");
}

#[tokio::test]
async fn a_commitment_leads_back_to_its_proposals_and_each_of_them_to_what_became_of_it() {
    let two = Two::new().await;
    let id = publish(&two.steward, "plan", plan()).await;
    let of_plan = reference(&two.steward, id).await;
    two.share().await;
    let proposal = |title: &str, became: Json| {
        json!({
            "title": { "fr": title }, "summary": { "fr": "Essai" }, "principles": ["participation"],
            "plan": of_plan, "stage": "co_creation", "became": became,
        })
    };
    let taken = json!({ "state": "commitment", "plan": of_plan, "commitment": "b" });
    let taken = publish(&two.member, "proposal", proposal("Un guichet", taken)).await;
    let into = reference(&two.member, taken).await;
    let merged = json!({ "state": "merged", "merged_into": into });
    let merged = publish(&two.member, "proposal", proposal("Un bureau", merged)).await;
    // Ideas that name no plan, each merged into the one before: the last step leads back through all of them.
    let mut chain = vec![merged];
    for title in ["Une borne", "Une enseigne"] {
        let into = reference(&two.member, *chain.last().unwrap()).await;
        let mut idea = proposal(title, json!({ "state": "merged", "merged_into": into }));
        idea.as_object_mut().unwrap().remove("plan");
        chain.push(publish(&two.member, "proposal", idea).await);
    }
    let declined = json!({ "state": "declined", "reason": { "fr": "Hors compétence" } });
    publish(&two.member, "proposal", proposal("Un tramway", declined)).await;
    two.share().await;

    let answer: PlanFollowUp = two.steward.get(&format!("/plans/{id}")).await;
    let fates: Vec<_> =
        answer.proposals.iter().map(|fate| (fate.title.get("fr").unwrap(), &fate.became)).collect();
    let commitment = Fate::Commitment { plan: id, commitment: "b".into() };
    assert_eq!(fates[0], ("Un guichet", &commitment));
    assert_eq!(fates[1], ("Un bureau", &commitment));
    assert_eq!(answer.proposals[1].through, [taken]);
    assert_eq!((fates[2], fates[3]), (("Une borne", &commitment), ("Une enseigne", &commitment)));
    assert_eq!(answer.proposals[3].through, [chain[1], merged, taken]);
    assert!(matches!(fates[4].1, Fate::Declined { reason } if reason.get("fr") == Some("Hors compétence")));
    assert!(answer.commitments[0].origins.is_empty());
    let mut origins: Vec<_> = answer.commitments[1].origins.iter().map(|origin| origin.record).collect();
    let mut expected = vec![taken, merged, chain[1], chain[2]];
    origins.sort();
    expected.sort();
    assert_eq!(origins, expected);
}

#[tokio::test]
async fn a_practice_shows_who_took_it_up_and_who_has_not_seen_its_last_version() {
    let two = Two::new().await;
    let id = two.steward.publish("Budget participatif", "participation").await;
    let of_practice = reference(&two.steward, id).await;
    two.share().await;
    let fields = |state: &str| json!({ "practice": of_practice, "state": state, "adaptation": { "fr": "En deux langues" } });
    let adoption = publish(&two.member, "adoption", fields("planned")).await;
    publish(&two.steward, "adoption", fields("adopted")).await;
    two.share().await;
    let answer: Adoptions = two.steward.get(&format!("/records/{id}/adoptions")).await;
    assert_eq!((answer.schema.as_str(), answer.version, answer.complete), (ADOPTIONS, id, true));
    let [adopter] = answer.items.try_into().unwrap();
    assert_eq!((adopter.latest.id, adopter.latest.by.author), (adoption, two.member.author));
    assert_eq!((adopter.state.as_str(), adopter.number, adopter.behind), ("planned", Some(1), false));
    assert_eq!(adopter.adaptation.get("fr"), Some("En deux langues"));
    assert_eq!(answer.by_state, [("planned".to_owned(), 1)].into());
    assert_eq!(answer.own.len(), 1, "the author's own adoption is no spread");

    let revised = json!({ "fields": practice("Budget participatif 2", "participation") });
    let second: Published = two.steward.post(&format!("/records/{id}/revise"), &revised).await;
    two.share().await;
    let after: Adoptions = two.member.get(&format!("/records/{id}/adoptions")).await;
    assert_eq!((after.version, after.items[0].behind), (second.id, true));
    let author = two.member.author;
    let derived = Api::new(two.member.node.clone())
        .derive(crate::view::follow_up::today(), move |referrers| referrers.newer_versions(author))
        .await
        .unwrap();
    let [newer] = derived.try_into().unwrap();
    assert_eq!((newer.adoption, newer.adopted, newer.current), (adoption, id, second.id));
    assert_eq!(newer.title.get("fr"), Some("Budget participatif 2"));

    publish(&two.member, "adoption", fields("abandoned")).await;
    let none = Api::new(two.member.node.clone())
        .derive(crate::view::follow_up::today(), move |referrers| referrers.newer_versions(author))
        .await
        .unwrap();
    assert!(none.is_empty(), "who gave it up is not told");
}

#[tokio::test]
async fn a_verdict_says_whose_it_is_and_which_version_it_judged() {
    let two = Two::new().await;
    let id = publish(&two.steward, "plan", plan()).await;
    let of_plan = reference(&two.steward, id).await;
    two.share().await;
    let verdict = json!({
        "about": of_plan, "commitment": "a", "summary": { "fr": "Avance" }, "completion": "limited",
        "lessons": { "fr": "Commencer plus tôt" }, "recommendations": [{ "text": { "fr": "Publier" } }],
        "parties": [{ "author": two.steward.author.to_string() }],
    });
    let own = publish(&two.steward, "evaluation", verdict.clone()).await;
    let other = publish(&two.member, "evaluation", verdict).await;
    two.share().await;
    let of_other = reference(&two.member, other).await;
    publish(&two.steward, "endorse", json!({ "endorses": of_other, "capacity": "monitoring_committee" }))
        .await;
    let revised: Published =
        two.steward.post(&format!("/records/{id}/revise"), &json!({ "fields": plan() })).await;

    let answer: PlanFollowUp = two.steward.get(&format!("/plans/{id}")).await;
    let find = |id: EntryId| answer.evaluations.iter().find(|verdict| verdict.said.id == id).unwrap();
    assert!(find(own).self_assessment && !find(other).self_assessment);
    assert_eq!((find(other).judged, find(other).newer), (id, Some(revised.id)));
    assert_eq!(find(other).completion, "limited");
    assert_eq!(find(other).recommendations.len(), 1);
    let cosigned = &find(other).cosigned;
    assert_eq!(cosigned.by[0].capacity.as_deref(), Some("monitoring_committee"));
    assert_eq!(cosigned.expected[0].signed.as_ref().unwrap().author, two.steward.author);
    assert!(find(own).cosigned.by.is_empty());
}

#[tokio::test]
async fn practices_of_like_collectivities_come_by_how_much_is_alike() {
    let two = Two::new().await;
    let near = two.steward.publish("Voisine", "participation").await;
    two.member.publish("La nôtre", "participation").await;
    two.share().await;
    let found: Records = two.member.get(&format!("/records?similar_to={}", two.member.author)).await;
    assert_eq!(found.items.iter().map(|item| item.id).collect::<Vec<_>>(), [near], "not one's own");
    let to = found.similar_to.unwrap();
    assert_eq!((to.author.author, to.level.as_deref()), (two.member.author, Some("commune")));
    assert!(to.rule.get("ar").is_some());
    let alike = found.items[0].alike.as_ref().unwrap();
    // Fnideq and Martil lie in one region; both have between 50,000 and 100,000 inhabitants.
    assert_eq!((alike.region, alike.population, alike.points), (true, true, 4));
    for query in ["&q=budget", "&kind=plan", "&author=00000000"] {
        let path = format!("/records?similar_to={}{query}", two.member.author);
        assert_eq!(
            two.member.refused(Method::GET, &path, &Json::Null).await.code,
            "bad-parameter",
            "{query}"
        );
    }
}

#[tokio::test]
async fn what_is_no_plan_or_no_date_is_refused() {
    let desk = Desk::founder().await;
    let practice = desk.publish("Portail", "transparency").await;
    let plan = publish(&desk, "plan", plan()).await;
    let code = async |path: &str| {
        let problem = desk.refused(Method::GET, path, &Json::Null).await;
        (problem.status, problem.code)
    };
    assert_eq!(code(&format!("/plans/{practice}")).await, (404, "other-kind".into()));
    assert_eq!(code(&format!("/records/{plan}/adoptions")).await, (404, "other-kind".into()));
    assert_eq!(code(&format!("/plans/{}", "ab".repeat(32))).await, (404, "not-held".into()));
    for date in ["soon", "2024-13-01", "2024-11", "1700000000000"] {
        assert_eq!(
            code(&format!("/plans/{plan}?as_of={date}")).await,
            (400, "bad-parameter".into()),
            "{date}"
        );
    }
    let empty: PlanFollowUp = desk.get(&format!("/plans/{plan}?as_of=")).await;
    assert_eq!(empty.version, plan, "a form that was left empty asks for today");
    desk.post::<Published>(&format!("/records/{plan}/withdraw"), &json!({ "reason": "error" })).await;
    assert_eq!(code(&format!("/plans/{plan}")).await, (410, "body-withdrawn".into()));
}

#[tokio::test]
async fn an_answer_that_could_not_read_all_reports_says_so() {
    let desk = Desk::founder().await;
    let id = publish(&desk, "plan", plan()).await;
    let of_plan = reference(&desk, id).await;
    let done = json!([{ "milestone": "m1", "status": "complete" }]);
    publish(&desk, "progress", report(&of_plan, "a", done)).await;
    let short: PlanFollowUp = desk.get(&format!("/plans/{id}")).await;
    assert!(short.complete && short.progress.complete == 1);
    // 72 reports of 60 kB are more than the 4 MiB that one answer reads.
    for _ in 0..72 {
        let mut long = report(&of_plan, "b", json!([{ "status": "limited" }]));
        long["summary"] = json!({ "fr": "a".repeat(60_000) });
        publish(&desk, "progress", long).await;
    }
    let long: PlanFollowUp = desk.get(&format!("/plans/{id}")).await;
    assert!(!long.complete, "the oldest report was not read");
    assert_eq!((long.progress.complete, long.commitments[1].steps[0].status.as_str()), (0, "limited"));
}
