//! Who belongs, now and on any day.
//!
//! The member table of a day follows from statements that were signed up to it (N9), so it changes only on days on
//! which one was signed, by its author's claim. The node is asked for the table of each such day, and of all days
//! after one for which a statement came late; what differs from the day before begins a new period.

use serde_json::{Value, json};
use tokio_postgres::Transaction;

use super::rows::moment;
use super::{MirrorError, bytes, text};
use crate::api::types::{Member, Members};

/// Kinds of entries that decide who belongs.
const DECIDING: [&str; 6] = ["admit", "charter", "close", "join", "leave", "suspend"];
/// Most days that are told apart, the latest: eleven years in which something is signed every day. Whoever claims
/// other times for statements without an end costs a question for each of these days, and no more.
const MAX_DAYS: i64 = 4_096;

/// Writes the member table, and the place of each beside its records.
pub(super) async fn write_members(
    transaction: &Transaction<'_>,
    members: &Members,
) -> Result<(), MirrorError> {
    let rows: Vec<Value> = members.items.iter().map(member).collect();
    let columns = "author, name_ar, name_fr, name_en, place, place_confirmed, place_ar, place_fr, level, status, \
                   steward, since, log, entries, head";
    let set: Vec<String> =
        columns.split(", ").skip(1).map(|column| format!("{column} = excluded.{column}")).collect();
    let told = text(rows);
    let sql = format!(
        "INSERT INTO multaqa.members AS m ({columns}) SELECT {columns} \
         FROM jsonb_populate_recordset(NULL::multaqa.members, $1::text::jsonb) \
         ON CONFLICT (author) DO UPDATE SET {} WHERE m IS DISTINCT FROM excluded",
        set.join(", ")
    );
    transaction.execute(&sql, &[&told]).await?;
    let sql = "UPDATE multaqa.members SET status = 'outside' WHERE status <> 'outside' AND author NOT IN \
               (SELECT author FROM jsonb_populate_recordset(NULL::multaqa.members, $1::text::jsonb))";
    transaction.execute(sql, &[&told]).await?;
    let sql = "UPDATE multaqa.records AS r SET place = m.place FROM multaqa.members AS m \
               WHERE r.author = m.author AND r.place IS DISTINCT FROM m.place";
    transaction.execute(sql, &[]).await?;
    Ok(())
}

/// Forgets the days that are to be worked out anew, and returns all that are not worked out.
pub(super) async fn open(transaction: &Transaction<'_>) -> Result<Vec<String>, MirrorError> {
    let kinds = DECIDING.as_slice();
    let sql = "SELECT min(e.time AT TIME ZONE 'Africa/Casablanca')::date::text FROM multaqa.entries AS e, \
               multaqa.mirror AS m WHERE e.batch > m.batch_of_days AND e.kind = ANY($1)";
    let since: Option<String> = transaction.query_one(sql, &[&kinds]).await?.get(0);
    if let Some(since) = since {
        let sql = "DELETE FROM multaqa.member_days WHERE day >= $1::text::date";
        transaction.execute(sql, &[&since]).await?;
        let sql = "DELETE FROM multaqa.member_periods WHERE first_day >= $1::text::date";
        transaction.execute(sql, &[&since]).await?;
        // A period that ended the day before may have ended by what is worked out anew.
        let sql = "UPDATE multaqa.member_periods SET last_day = NULL WHERE last_day >= $1::text::date - 1";
        transaction.execute(sql, &[&since]).await?;
    }
    transaction.execute("UPDATE multaqa.mirror SET batch_of_days = batch", &[]).await?;
    let sql = "SELECT day::text FROM (SELECT DISTINCT (time AT TIME ZONE 'Africa/Casablanca')::date AS day \
               FROM multaqa.entries WHERE kind = ANY($1) ORDER BY day DESC LIMIT $2) AS days \
               WHERE day NOT IN (SELECT day FROM multaqa.member_days) ORDER BY days.day";
    let days = transaction.query(sql, &[&kinds, &MAX_DAYS]).await?;
    Ok(days.iter().map(|row| row.get(0)).collect())
}

/// Writes the member table of a day: where it differs from the day before, a period ends and another begins.
pub(super) async fn write_day(
    transaction: &Transaction<'_>,
    day: &str,
    members: &Members,
) -> Result<(), MirrorError> {
    let told = text(members.items.iter().map(|member| period(day, member)).collect());
    let sql = "UPDATE multaqa.member_periods AS p SET last_day = $1::text::date - 1 \
               WHERE p.last_day IS NULL AND p.first_day < $1::text::date AND NOT EXISTS (SELECT 1 \
               FROM jsonb_populate_recordset(NULL::multaqa.member_periods, $2::text::jsonb) AS t \
               WHERE t.author = p.author AND (t.status, t.level, t.place, t.place_confirmed, t.steward) \
               IS NOT DISTINCT FROM (p.status, p.level, p.place, p.place_confirmed, p.steward))";
    transaction.execute(sql, &[&day, &told]).await?;
    let sql = "INSERT INTO multaqa.member_periods \
               SELECT t.* FROM jsonb_populate_recordset(NULL::multaqa.member_periods, $1::text::jsonb) AS t \
               WHERE NOT EXISTS (SELECT 1 FROM multaqa.member_periods AS p \
               WHERE p.author = t.author AND p.last_day IS NULL)";
    transaction.execute(sql, &[&told]).await?;
    let sql = "INSERT INTO multaqa.member_days VALUES ($1::text::date) ON CONFLICT DO NOTHING";
    transaction.execute(sql, &[&day]).await?;
    Ok(())
}

fn member(member: &Member) -> Value {
    let (names, places) = (&member.names, &member.place_names);
    json!({
        "author": bytes(&member.author.0), "name_ar": names.get("ar"), "name_fr": names.get("fr"),
        "name_en": names.get("en"), "place": member.place, "place_confirmed": member.confirmed,
        "place_ar": places.get("ar"), "place_fr": places.get("fr"), "level": member.level, "status": member.state,
        "steward": member.steward, "since": member.since.map(moment), "log": member.log,
        "entries": member.entries, "head": member.head.map(|head| bytes(&head.0)),
    })
}

fn period(day: &str, member: &Member) -> Value {
    json!({
        "author": bytes(&member.author.0), "first_day": day, "status": member.state, "level": member.level,
        "place": member.place, "place_confirmed": member.confirmed, "steward": member.steward,
    })
}
