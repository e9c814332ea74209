//! Entries and records as rows. A row that is there already is written only where something else is said of it.

use std::collections::BTreeSet;

use jiff::Timestamp;
use multaqa_protocol::entry::NETWORK_KINDS;
use multaqa_protocol::id::{AuthorId, EntryId, Millis};
use multaqa_protocol::record::Words;
use serde_json::{Value, json};
use tokio_postgres::Transaction;

use super::check::Checked;
use super::{MirrorError, Written, bytes, insert, sheets, text};
use crate::api::types::{BodyStatus, Status};
use crate::view::{Told, is_readable, is_record_kind, told};

/// Writes entries, and what follows from them.
pub(super) async fn write(
    transaction: &Transaction<'_>,
    author: AuthorId,
    entries: &[Checked<'_>],
) -> Result<Written, MirrorError> {
    let rows = entries.iter().map(entry).collect();
    let sql = "INSERT INTO multaqa.entries AS e (id, author, branch, seq, kind, time, status, body_state, body_hash, \
               body_length, envelope, body, batch) \
               SELECT r.id, r.author, r.branch, r.seq, r.kind, r.time, r.status, r.body_state, r.body_hash, \
               r.body_length, r.envelope, r.body, m.batch + 1 \
               FROM jsonb_populate_recordset(NULL::multaqa.entries, $1::text::jsonb) AS r, multaqa.mirror AS m \
               ON CONFLICT (id) DO UPDATE SET status = excluded.status, body_state = excluded.body_state, \
               body = excluded.body, batch = excluded.batch \
               WHERE (e.status, e.body_state) IS DISTINCT FROM (excluded.status, excluded.body_state) \
               RETURNING (xmax = 0)";
    let rows = transaction.query(sql, &[&text(rows)]).await?;
    let new = rows.iter().filter(|row| row.get(0)).count() as u64;
    records(transaction, author, entries).await?;
    Ok(Written { entries: new, changed: rows.len() as u64 - new })
}

/// Takes note that the node holds a log no more; returns how many entries that changes.
pub(super) async fn let_go(transaction: &Transaction<'_>, author: &[u8]) -> Result<Written, MirrorError> {
    let sql = "UPDATE multaqa.entries AS e SET status = 'not-held', batch = m.batch + 1 FROM multaqa.mirror AS m \
               WHERE e.author = $1";
    let changed = transaction.execute(sql, &[&author]).await?;
    let sql = "UPDATE multaqa.records SET status = 'not-held', is_current = false WHERE author = $1";
    transaction.execute(sql, &[&author]).await?;
    Ok(Written { entries: 0, changed })
}

fn entry(checked: &Checked<'_>) -> Value {
    let Checked { told, entry, body, place } = checked;
    let header = entry.header();
    json!({
        "id": bytes(&entry.id().0), "author": bytes(&entry.author().0), "branch": place.branch, "seq": place.seq,
        "kind": entry.kind(), "time": moment(header.time), "status": told.status, "body_state": body_state(checked),
        "body_hash": bytes(&header.body.hash.0), "body_length": header.body.len,
        "envelope": bytes(entry.envelope()), "body": body.as_ref().map(|body| bytes(body)),
    })
}

/// Returns what there is of a body, whether it can be read included.
fn body_state(checked: &Checked<'_>) -> BodyStatus {
    let kind = checked.entry.kind();
    match (&checked.body, checked.told.body) {
        // A network kind's body is stored for what it decides, and says what it does by its rules alone.
        (Some(_), _) if NETWORK_KINDS.contains(&kind) => BodyStatus::Present,
        (Some(body), _) if !is_readable(kind, body) => BodyStatus::Unreadable,
        (Some(_), _) => BodyStatus::Present,
        // A node that says so and sends none has none.
        (None, BodyStatus::Present | BodyStatus::Unreadable) => BodyStatus::Missing,
        (None, state) => state,
    }
}

async fn records(
    transaction: &Transaction<'_>,
    author: AuthorId,
    entries: &[Checked<'_>],
) -> Result<(), MirrorError> {
    let of_people = entries.iter().filter(|checked| is_record_kind(checked.entry.kind()));
    let read: Vec<(&Checked<'_>, Option<Told>)> = of_people
        .map(|checked| {
            let body = checked.body.as_ref();
            (checked, body.and_then(|body| told(checked.entry.kind(), body)))
        })
        .collect();
    if read.is_empty() {
        return Ok(());
    }
    let place = "SELECT place FROM multaqa.members WHERE author = $1";
    let place: Option<String> =
        transaction.query_opt(place, &[&author.0.as_slice()]).await?.and_then(|row| row.get(0));
    let rows = read.iter().map(|(checked, told)| record(checked, told.as_ref(), place.as_deref())).collect();
    let columns = "id, record, author, seq, place, kind, status, body_state, published, withdrawn_at, title_ar, \
                   title_fr, title_en, summary_ar, summary_fr, summary_en, lang, principles, themes, progress, \
                   about, about_part, body, text_ar, text_fr, text_en";
    let set: Vec<String> =
        columns.split(", ").skip(1).map(|column| format!("{column} = excluded.{column}")).collect();
    let sql = format!(
        "INSERT INTO multaqa.records AS r ({columns}) SELECT {columns} \
         FROM jsonb_populate_recordset(NULL::multaqa.records, $1::text::jsonb) \
         ON CONFLICT (id) DO UPDATE SET {} \
         WHERE (r.record, r.status, r.body_state, r.withdrawn_at) \
         IS DISTINCT FROM (excluded.record, excluded.status, excluded.body_state, excluded.withdrawn_at) \
         RETURNING id",
        set.join(", ")
    );
    let rows = transaction.query(&sql, &[&text(rows)]).await?;
    let written: BTreeSet<EntryId> =
        rows.iter().filter_map(|row| Some(EntryId(row.get::<_, &[u8]>(0).try_into().ok()?))).collect();
    if written.is_empty() {
        return Ok(());
    }
    for table in sheets::TABLES {
        let (name, key) = table;
        let ids: Vec<&[u8]> = written.iter().map(|id| id.0.as_slice()).collect();
        transaction.execute(&format!("DELETE FROM multaqa.{name} WHERE {key} = ANY($1)"), &[&ids]).await?;
        let read = read.iter().filter(|(checked, _)| written.contains(&checked.entry.id()));
        let rows = read.filter_map(|(checked, told)| Some((checked.entry.id(), told.as_ref()?)));
        let rows = rows.flat_map(|(id, told)| sheets::rows(name, id, &told.record)).collect();
        insert(transaction, name, rows).await?;
    }
    chain(transaction, read.iter().map(|(checked, _)| checked.told.first)).await
}

/// Works out which version of some records counts until when.
async fn chain(
    transaction: &Transaction<'_>,
    firsts: impl Iterator<Item = EntryId>,
) -> Result<(), MirrorError> {
    let firsts: BTreeSet<EntryId> = firsts.collect();
    let firsts: Vec<&[u8]> = firsts.iter().map(|first| first.0.as_slice()).collect();
    let sql = "WITH versions AS ( \
                 SELECT id, status IN ('canonical', 'withdrawn') AS counts, \
                   lead(published) OVER (PARTITION BY record, status IN ('canonical', 'withdrawn') ORDER BY seq) AS next \
                 FROM multaqa.records WHERE record = ANY($1)) \
               UPDATE multaqa.records AS r \
               SET is_current = v.counts AND v.next IS NULL, revised_at = CASE WHEN v.counts THEN v.next END \
               FROM versions AS v WHERE r.id = v.id \
               AND (r.is_current, r.revised_at) IS DISTINCT FROM \
               (v.counts AND v.next IS NULL, CASE WHEN v.counts THEN v.next END)";
    transaction.execute(sql, &[&firsts]).await?;
    Ok(())
}

fn record(checked: &Checked<'_>, told: Option<&Told>, place: Option<&str>) -> Value {
    let Checked { told: said, entry, .. } = checked;
    let none = Words::default();
    let title = told.and_then(|told| told.record.title()).unwrap_or(&none);
    let summary = told.and_then(|told| told.record.summary()).unwrap_or(&none);
    let words = |tag: &str| {
        let texts = told.into_iter().flat_map(|told| &told.texts);
        let texts = texts.filter(|text| text.language == tag || text.language == "und");
        let words = texts.map(|text| text.text.as_str()).collect::<Vec<_>>().join("\n");
        (!words.is_empty()).then_some(words)
    };
    let about = told.and_then(|told| told.about.as_ref());
    let empty = BTreeSet::new();
    let status = match said.body {
        // What is withdrawn counts without what it says.
        BodyStatus::Withdrawn if said.status == Status::Canonical => Status::Withdrawn,
        _ => said.status,
    };
    json!({
        "id": bytes(&entry.id().0), "record": bytes(&said.first.0), "author": bytes(&entry.author().0),
        "seq": entry.seq(), "place": place, "kind": entry.kind(), "status": status,
        "body_state": body_state(checked), "published": moment(entry.header().time),
        "withdrawn_at": said.withdrawn.map(moment),
        "title_ar": title.get("ar"), "title_fr": title.get("fr"), "title_en": title.get("en"),
        "summary_ar": summary.get("ar"), "summary_fr": summary.get("fr"), "summary_en": summary.get("en"),
        "lang": told.map_or(&empty, |told| &told.languages),
        "principles": told.map_or(&empty, |told| &told.principles),
        "themes": told.map_or(&empty, |told| &told.themes),
        "progress": told.map_or(&empty, |told| &told.progress),
        "about": about.map(|(id, _)| bytes(&id.0)), "about_part": about.and_then(|(_, part)| part.as_ref()),
        "body": told.and_then(|told| told.fields.as_ref()),
        "text_ar": words("ar"), "text_fr": words("fr"), "text_en": words("en"),
    })
}

/// Returns a claimed time; one beyond the calendar stands as its end.
pub(super) fn moment(time: Millis) -> String {
    let time = i64::try_from(time).ok().and_then(|time| Timestamp::from_millisecond(time).ok());
    time.unwrap_or(Timestamp::MAX).to_string()
}
