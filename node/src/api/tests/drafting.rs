use super::networks::{apply, carry};
use super::*;

fn plan() -> Json {
    json!({
        "title": { "fr": "Programme" }, "summary": { "fr": "Deux ans." }, "principles": ["participation"],
        "commitments": [
            { "id": "portail", "title": { "fr": "Portail" }, "milestones": [
                { "id": "m1", "title": { "fr": "Ouvert" } }, { "title": { "fr": "Sans nom" } },
            ] },
            { "id": "salle", "title": { "fr": "Salle" } },
        ],
    })
}

fn progress(plan: impl Into<Json>, commitment: &str, milestone: Option<&str>) -> Json {
    let mut state = json!({ "status": "complete" });
    if let Some(id) = milestone {
        state["milestone"] = json!(id);
    }
    json!({ "plan": plan.into(), "commitment": commitment, "as_of": "2026-11-30", "milestones": [state] })
}

impl Desk {
    async fn sign(&self, kind: &str, fields: Json) -> Published {
        self.post("/records", &json!({ "kind": kind, "fields": fields })).await
    }

    /// Returns the faults of a record that must be refused.
    async fn faults(&self, kind: &str, fields: Json) -> Vec<FieldProblem> {
        let request = json!({ "kind": kind, "fields": fields });
        let problem = self.refused(Method::POST, "/records", &request).await;
        assert_eq!((problem.status, problem.code.as_str()), (422, "invalid-record"), "{problem:?}");
        let checked = self.refused(Method::POST, "/records/check", &request).await;
        assert_eq!(checked.fields, problem.fields);
        problem.fields
    }

    async fn fault(&self, kind: &str, fields: Json) -> (String, String, String) {
        let mut faults = self.faults(kind, fields).await;
        assert_eq!(faults.len(), 1, "{faults:?}");
        let fault = faults.remove(0);
        assert!(!fault.message.is_empty());
        (fault.path, fault.code, fault.known.join(" "))
    }

    /// Returns the reference to an own entry.
    async fn reference(&self, id: EntryId) -> Json {
        let record: super::super::types::Record = self.get(&format!("/records/{id}")).await;
        json!({ "author": self.author, "seq": record.item.seq, "id": id })
    }
}

fn told(published: &Published) -> Vec<(&str, &str)> {
    published.warnings.iter().map(|warning| (warning.path.as_str(), warning.code.as_str())).collect()
}

fn is(fault: &(String, String, String), path: &str, code: &str, known: &str) {
    assert_eq!((fault.0.as_str(), fault.1.as_str(), fault.2.as_str()), (path, code, known));
}

/// Two members of one network, each with what the other has signed so far.
async fn two() -> (Desk, Desk) {
    let steward = Desk::founder().await;
    let other = Desk::new("Martil", Some("01.573.01.03")).await;
    apply(&steward, &other).await;
    let request = json!({ "author": other.author.to_string(), "place": "01.573.01.03" });
    steward.post::<Published>("/admissions", &request).await;
    carry(&steward, &other).await;
    (steward, other)
}

#[tokio::test]
async fn progress_is_of_what_the_plan_has() {
    let desk = Desk::founder().await;
    let id = desk.sign("plan", plan()).await.id.to_string();
    let target = desk.reference(id.parse().unwrap()).await;
    let before = desk.get::<List<RecordItem>>("/records").await.items.len();

    let fault = desk.fault("progress", progress(target.clone(), "portal", Some("m1"))).await;
    is(&fault, "commitment", "no_commitment", "portail salle");
    let fault = desk.fault("progress", progress(target.clone(), "portail", Some("m2"))).await;
    is(&fault, "milestones[0].milestone", "no_milestone", "m1");
    // A commitment with milestones has no state of its own, and one without has nothing else.
    let fault = desk.fault("progress", progress(target.clone(), "portail", None)).await;
    is(&fault, "milestones[0].milestone", "no_milestone", "m1");
    let fault = desk.fault("progress", progress(target.clone(), "salle", Some("m1"))).await;
    is(&fault, "milestones[0].milestone", "no_milestone", "");
    assert_eq!(desk.get::<List<RecordItem>>("/records").await.items.len(), before);

    for fields in [progress(target, "portail", Some("m1")), progress(&id[..8], "salle", None)] {
        let published = desk.sign("progress", fields).await;
        assert!(published.warnings.is_empty(), "{published:?}");
    }
}

#[tokio::test]
async fn a_draft_may_name_a_record_by_its_id_and_is_told_where_there_is_none() {
    let desk = Desk::founder().await;
    let practice = desk.publish("Portail", "transparency").await;
    let published = desk.sign("reply", json!({ "to": practice.to_string(), "text": { "fr": "Oui" } })).await;
    let record: super::super::types::Record = desk.get(&format!("/records/{}", published.id)).await;
    assert_eq!((record.links[0].target.id, record.links[0].resolved), (practice, Resolved::Held));

    let fault = desk.fault("reply", json!({ "to": "00".repeat(32), "text": { "fr": "Oui" } })).await;
    is(&fault, "to", "not_held", "");
    let fault = desk.fault("reply", json!({ "to": "portail", "text": { "fr": "Oui" } })).await;
    is(&fault, "to", "bad_id", "");
    let request = json!({ "kind": "reply", "fields": { "to": practice, "text": { "fr": "Oui" } } });
    let answer = desk.ask(Method::POST, "/records/check", request.to_string()).await;
    let checked: Checked = read(answer, StatusCode::OK).await;
    assert_eq!((checked.schema.as_str(), checked.kind.as_str()), (CHECK, "reply"));
    assert_eq!(checked.fields["to"]["author"], desk.author.to_string());
}

#[tokio::test]
async fn what_cannot_be_meant_is_refused() {
    let (desk, other) = two().await;
    let practice = desk.publish("Portail", "transparency").await;
    let own = desk.reference(practice).await;
    let fault = desk.fault("endorse", json!({ "endorses": desk.author.inception() })).await;
    is(&fault, "endorses", "other_kind", "");
    let plan = desk.sign("plan", plan()).await.id;
    let fault = desk.fault("adoption", json!({ "practice": plan, "state": "adopted" })).await;
    is(&fault, "practice", "other_kind", "practice");
    let fault = desk
        .fault("evaluation", json!({ "about": practice, "summary": { "fr": "x" }, "completion": "limited" }))
        .await;
    is(&fault, "about", "other_kind", "plan");
    let mut elsewhere = own.clone();
    elsewhere["seq"] = json!(0);
    let fault = desk.fault("reply", json!({ "to": elsewhere, "text": { "fr": "x" } })).await;
    is(&fault, "to.seq", "other_place", "");

    let replacing = |target: &Json, kind: &str| {
        let mut fields = super::practice("Autre", "transparency");
        if kind == "challenge" {
            fields["sought"] = json!({ "fr": "Comment ?" });
        }
        fields["replaces"] = target.clone();
        fields
    };
    let fault = desk.fault("challenge", replacing(&own, "challenge")).await;
    is(&fault, "replaces", "other_kind", "challenge");
    carry(&desk, &other).await;
    let fault = other.fault("practice", replacing(&own, "practice")).await;
    is(&fault, "replaces", "not_own", "");
    assert!(desk.sign("practice", replacing(&own, "practice")).await.warnings.is_empty());
}

#[tokio::test]
async fn what_is_not_here_yet_is_signed_with_a_warning_and_resolved_when_it_arrives() {
    let (desk, other) = two().await;
    let practice = desk.publish("Portail", "transparency").await;
    let target = desk.reference(practice).await;
    let adoption = other.sign("adoption", json!({ "practice": target, "state": "interested" })).await;
    assert_eq!(told(&adoption), [("practice", "unresolved")]);
    assert_eq!(adoption.warnings[0].target, Some(practice));
    let reply = other.sign("reply", json!({ "to": target, "text": { "fr": "Combien ?" } })).await;
    assert_eq!(told(&reply), [("to", "unresolved")]);

    let path = format!("/records/{}", adoption.id);
    let shown: super::super::types::Record = other.get(&path).await;
    assert_eq!(shown.links[0].resolved, Resolved::NotHeld);
    carry(&desk, &other).await;
    let shown: super::super::types::Record = other.get(&path).await;
    assert_eq!(shown.links[0].resolved, Resolved::Held);
}

#[tokio::test]
async fn an_author_is_told_how_its_word_will_be_read() {
    let (desk, other) = two().await;
    let first = desk.sign("plan", plan()).await.id;
    let verdict = |about: EntryId| json!({ "about": about, "commitment": "salle", "summary": { "fr": "x" }, "completion": "limited" });
    assert_eq!(told(&desk.sign("evaluation", verdict(first)).await), [("about", "self_assessment")]);
    carry(&desk, &other).await;
    assert!(other.sign("evaluation", verdict(first)).await.warnings.is_empty());
    let report = progress(first.to_string(), "salle", None);
    assert_eq!(told(&other.sign("progress", report).await), [("plan", "not_implementer")]);

    // Who is named as a party carries the plan out too.
    let mut joint = plan();
    joint["parties"] = json!([{ "place": "01.573.01.03" }]);
    let path = format!("/records/{first}/revise");
    let second: Published = desk.post(&path, &json!({ "fields": joint })).await;
    carry(&desk, &other).await;
    let report = progress(second.id.to_string(), "salle", None);
    assert!(other.sign("progress", report).await.warnings.is_empty());

    let older = other.sign("endorse", json!({ "endorses": first })).await;
    assert_eq!(told(&older), [("endorses", "older_version")]);
    assert_eq!(older.warnings[0].target, Some(second.id));
    let practice = desk.publish("Portail", "transparency").await;
    let own = desk.sign("adoption", json!({ "practice": practice, "state": "adopted" })).await;
    assert_eq!(told(&own), [("practice", "own_record")]);
    desk.post::<Published>(&format!("/records/{practice}/withdraw"), &json!({ "reason": "error" })).await;
    let late = desk.sign("reply", json!({ "to": practice, "text": { "fr": "x" } })).await;
    assert_eq!(told(&late), [("to", "withdrawn")]);
}
