-- The first form of the copy. It is run once, in a transaction; a later form is a file of its own.
CREATE SCHEMA IF NOT EXISTS multaqa;
COMMENT ON SCHEMA multaqa IS 'A verified copy of a Multaqa network, written by multaqa mirror. Read it as you like; write nothing into it. docs/hub.md describes it.';

CREATE TABLE multaqa.migrations (
    version int PRIMARY KEY,
    applied timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE multaqa.migrations IS 'Which forms of the schema were set up, and when.';

CREATE TABLE multaqa.mirror (
    only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    network bytea CHECK (length(network) = 32),
    batch bigint NOT NULL DEFAULT 0,
    batch_of_days bigint NOT NULL DEFAULT 0,
    state text NOT NULL DEFAULT '',
    labels text NOT NULL DEFAULT '',
    seen timestamptz
);
INSERT INTO multaqa.mirror DEFAULT VALUES;
COMMENT ON TABLE multaqa.mirror IS 'One row: of which network this is a copy, and how far it has come.';
COMMENT ON COLUMN multaqa.mirror.batch IS 'Number of the last batch written; every row of entries names the batch that wrote it last.';
COMMENT ON COLUMN multaqa.mirror.batch_of_days IS 'Up to which batch member_periods was worked out.';
COMMENT ON COLUMN multaqa.mirror.state IS 'What the node said it held when this copy was last the same.';
COMMENT ON COLUMN multaqa.mirror.labels IS 'Of which program the places and labels are.';
COMMENT ON COLUMN multaqa.mirror.seen IS 'When the copy was last found to be the same as the node, by the clock of the database.';

CREATE TABLE multaqa.logs (
    author bytea PRIMARY KEY CHECK (length(author) = 32),
    base text NOT NULL,
    branch int NOT NULL,
    seq bigint NOT NULL,
    complete boolean NOT NULL,
    skeleton bytea NOT NULL
);
COMMENT ON TABLE multaqa.logs IS 'How far the log of each author was copied, and by which keys its next entries are verified.';
COMMENT ON COLUMN multaqa.logs.base IS 'What the rows of the log rest on beside its growth; another value has the log read again.';
COMMENT ON COLUMN multaqa.logs.complete IS 'Whether the log was read to its end.';
COMMENT ON COLUMN multaqa.logs.skeleton IS 'Branches and keys of the log, as the program writes them.';

CREATE TABLE multaqa.entries (
    id bytea PRIMARY KEY CHECK (length(id) = 32),
    author bytea NOT NULL CHECK (length(author) = 32),
    branch int NOT NULL,
    seq bigint NOT NULL,
    kind text NOT NULL,
    time timestamptz NOT NULL,
    status text NOT NULL,
    body_state text NOT NULL,
    body_hash bytea NOT NULL,
    body_length bigint NOT NULL,
    envelope bytea NOT NULL,
    body bytea,
    batch bigint NOT NULL,
    copied timestamptz NOT NULL DEFAULT now(),
    UNIQUE (author, branch, seq)
);
CREATE INDEX entries_batch ON multaqa.entries (batch);
CREATE INDEX entries_kind_time ON multaqa.entries (kind, time);
COMMENT ON TABLE multaqa.entries IS 'Every entry of every log, each verified before it was written: the signed bytes, exactly as received.';
COMMENT ON COLUMN multaqa.entries.id IS 'SHA-256 of the header within the envelope.';
COMMENT ON COLUMN multaqa.entries.time IS 'When it was written, as its author claims; a claim beyond the year 9999 stands as that.';
COMMENT ON COLUMN multaqa.entries.status IS 'canonical, disputed, disowned, beyond-cut, withdrawn, or not-held once the node holds it no more.';
COMMENT ON COLUMN multaqa.entries.body_state IS 'present, unreadable, missing, withdrawn, or hidden by the administrator of the node.';
COMMENT ON COLUMN multaqa.entries.envelope IS 'COSE_Sign1: the header and the signature.';
COMMENT ON COLUMN multaqa.entries.body IS 'The signed body; null where it is missing, withdrawn or hidden. Its SHA-256 is body_hash.';
COMMENT ON COLUMN multaqa.entries.batch IS 'The batch that wrote or changed the row last: what is new since a batch has a greater one.';

CREATE TABLE multaqa.places (
    code text PRIMARY KEY,
    iso text,
    level text NOT NULL,
    subtype text NOT NULL,
    name_ar text NOT NULL,
    name_fr text NOT NULL,
    parent text,
    region text NOT NULL,
    population_2024 bigint
);
COMMENT ON TABLE multaqa.places IS 'The territorial collectivities of Morocco by their official codes.';

CREATE TABLE multaqa.labels (
    vocabulary text NOT NULL,
    code text NOT NULL,
    ar text NOT NULL,
    fr text NOT NULL,
    en text NOT NULL,
    ogp text,
    PRIMARY KEY (vocabulary, code)
);
COMMENT ON TABLE multaqa.labels IS 'What the codes in the other tables are called.';

CREATE TABLE multaqa.members (
    author bytea PRIMARY KEY CHECK (length(author) = 32),
    name_ar text,
    name_fr text,
    name_en text,
    place text,
    place_confirmed boolean NOT NULL,
    place_ar text,
    place_fr text,
    level text,
    status text NOT NULL,
    steward boolean NOT NULL,
    since timestamptz,
    log text NOT NULL,
    entries bigint NOT NULL,
    head bytea
);
COMMENT ON TABLE multaqa.members IS 'Everyone of whom the node knows, as it stands to the network now.';
COMMENT ON COLUMN multaqa.members.place IS 'Official code: as the stewards confirm it, otherwise as claimed.';
COMMENT ON COLUMN multaqa.members.status IS 'member, admitted, suspended, left, closed, candidate or outside.';
COMMENT ON COLUMN multaqa.members.since IS 'When it joined, as it claims.';
COMMENT ON COLUMN multaqa.members.log IS 'ok, forked, contested or not-held.';

CREATE TABLE multaqa.member_days (day date PRIMARY KEY);
COMMENT ON TABLE multaqa.member_days IS 'The days on which something was signed that decides who belongs, and that member_periods reflects.';

CREATE TABLE multaqa.member_periods (
    author bytea NOT NULL,
    first_day date NOT NULL,
    last_day date,
    status text NOT NULL,
    level text,
    place text,
    place_confirmed boolean NOT NULL,
    steward boolean NOT NULL,
    PRIMARY KEY (author, first_day)
);
COMMENT ON TABLE multaqa.member_periods IS 'How everyone stood to the network from one day to another, by the dates that the authors claim; days are those of Morocco.';
COMMENT ON COLUMN multaqa.member_periods.last_day IS 'The last day of the period; null for the one that goes on.';

CREATE TABLE multaqa.records (
    id bytea PRIMARY KEY REFERENCES multaqa.entries (id),
    record bytea NOT NULL,
    author bytea NOT NULL,
    seq bigint NOT NULL,
    place text,
    kind text NOT NULL,
    status text NOT NULL,
    body_state text NOT NULL,
    is_current boolean NOT NULL DEFAULT true,
    published timestamptz NOT NULL,
    revised_at timestamptz,
    withdrawn_at timestamptz,
    title_ar text,
    title_fr text,
    title_en text,
    summary_ar text,
    summary_fr text,
    summary_en text,
    lang text[] NOT NULL DEFAULT '{}',
    principles text[] NOT NULL DEFAULT '{}',
    themes text[] NOT NULL DEFAULT '{}',
    progress text[] NOT NULL DEFAULT '{}',
    about bytea,
    about_part text,
    body jsonb,
    text_ar text,
    text_fr text,
    text_en text
);
COMMENT ON TABLE multaqa.records IS 'What people wrote for people: every version of every record, typed. Count those with is_current.';
COMMENT ON COLUMN multaqa.records.id IS 'This version.';
COMMENT ON COLUMN multaqa.records.record IS 'The first version, by which the record is known; all versions share it.';
COMMENT ON COLUMN multaqa.records.place IS 'The official code of the place of its author.';
COMMENT ON COLUMN multaqa.records.is_current IS 'Whether it counts, and no later version counts instead. A withdrawn record is current, without what it said.';
COMMENT ON COLUMN multaqa.records.published IS 'When this version was written, as its author claims.';
COMMENT ON COLUMN multaqa.records.revised_at IS 'When the version was written that counts instead.';
COMMENT ON COLUMN multaqa.records.withdrawn_at IS 'When it was withdrawn, by its author or by order of the stewards.';
COMMENT ON COLUMN multaqa.records.lang IS 'Languages of its title and summary.';
COMMENT ON COLUMN multaqa.records.principles IS 'Principles that it or one of its commitments names; see labels.';
COMMENT ON COLUMN multaqa.records.themes IS 'Policy areas that it or one of its commitments names.';
COMMENT ON COLUMN multaqa.records.progress IS 'How far it has come, as its author says; of progress the states of the milestones.';
COMMENT ON COLUMN multaqa.records.about IS 'The version of another record that it is about.';
COMMENT ON COLUMN multaqa.records.body IS 'All that it says; null where the body is not here, not readable, withdrawn or hidden.';
COMMENT ON COLUMN multaqa.records.text_ar IS 'All its words in Arabic, for search.';

CREATE FUNCTION multaqa.plain(words text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN translate(coalesce(words, ''), 'أإآٱىـًٌٍَُِّْٰ', 'ااااي');
COMMENT ON FUNCTION multaqa.plain IS 'Words without vowel signs and tatweel, with one form of alif: how Arabic is indexed and asked for.';

ALTER TABLE multaqa.records
    ADD COLUMN search_ar tsvector GENERATED ALWAYS AS (
        setweight(to_tsvector('arabic', multaqa.plain(title_ar)), 'A')
        || setweight(to_tsvector('arabic', multaqa.plain(summary_ar)), 'B')
        || setweight(to_tsvector('arabic', multaqa.plain(text_ar)), 'C')
    ) STORED,
    ADD COLUMN search_fr tsvector GENERATED ALWAYS AS (
        setweight(to_tsvector('french', coalesce(title_fr, '')), 'A')
        || setweight(to_tsvector('french', coalesce(summary_fr, '')), 'B')
        || setweight(to_tsvector('french', coalesce(text_fr, '')), 'C')
    ) STORED,
    ADD COLUMN search_en tsvector GENERATED ALWAYS AS (
        setweight(to_tsvector('english', coalesce(title_en, '')), 'A')
        || setweight(to_tsvector('english', coalesce(summary_en, '')), 'B')
        || setweight(to_tsvector('english', coalesce(text_en, '')), 'C')
    ) STORED;
CREATE INDEX records_search_ar ON multaqa.records USING gin (search_ar);
CREATE INDEX records_search_fr ON multaqa.records USING gin (search_fr);
CREATE INDEX records_search_en ON multaqa.records USING gin (search_en);
CREATE INDEX records_record ON multaqa.records (record, seq);
CREATE INDEX records_author ON multaqa.records (author);
CREATE INDEX records_kind ON multaqa.records (kind, published);
CREATE INDEX records_about ON multaqa.records (about);
CREATE INDEX records_body ON multaqa.records USING gin (body jsonb_path_ops);

CREATE TABLE multaqa.commitments (
    plan bytea NOT NULL REFERENCES multaqa.records (id) ON DELETE CASCADE,
    position int NOT NULL,
    commitment text NOT NULL,
    title_ar text,
    title_fr text,
    title_en text,
    axis text,
    state text,
    starts date,
    ends date,
    principles text[] NOT NULL DEFAULT '{}',
    themes text[] NOT NULL DEFAULT '{}',
    budget bigint,
    currency text,
    PRIMARY KEY (plan, position)
);
COMMENT ON TABLE multaqa.commitments IS 'The commitments of each version of each plan; join records on id = plan, and is_current.';
COMMENT ON COLUMN multaqa.commitments.plan IS 'The version of the plan.';
COMMENT ON COLUMN multaqa.commitments.commitment IS 'Its name inside the plan; it stays the same in later versions.';
COMMENT ON COLUMN multaqa.commitments.starts IS 'The first day that the date can mean: of a year its first of January.';
COMMENT ON COLUMN multaqa.commitments.ends IS 'The last day that the date can mean.';

CREATE TABLE multaqa.milestones (
    plan bytea NOT NULL REFERENCES multaqa.records (id) ON DELETE CASCADE,
    commitment text NOT NULL,
    position int NOT NULL,
    milestone text,
    title_ar text,
    title_fr text,
    title_en text,
    starts date,
    due date,
    PRIMARY KEY (plan, position)
);
COMMENT ON TABLE multaqa.milestones IS 'The dated steps of each commitment; those of the whole plan have an empty commitment.';

CREATE TABLE multaqa.reports (
    id bytea NOT NULL REFERENCES multaqa.records (id) ON DELETE CASCADE,
    position int NOT NULL,
    plan bytea NOT NULL,
    commitment text NOT NULL,
    as_of date,
    milestone text,
    state text NOT NULL,
    reached date,
    with_evidence boolean NOT NULL,
    PRIMARY KEY (id, position)
);
CREATE INDEX reports_plan ON multaqa.reports (plan);
COMMENT ON TABLE multaqa.reports IS 'What progress records say of the milestones of a commitment, one row a milestone.';
COMMENT ON COLUMN multaqa.reports.plan IS 'A version of the plan; its records.record names the plan itself.';
COMMENT ON COLUMN multaqa.reports.with_evidence IS 'Whether a figure, a file or a page shows it.';

CREATE TABLE multaqa.adoptions (
    id bytea PRIMARY KEY REFERENCES multaqa.records (id) ON DELETE CASCADE,
    practice bytea NOT NULL,
    practice_author bytea NOT NULL,
    state text NOT NULL,
    starts date,
    ends date
);
CREATE INDEX adoptions_practice ON multaqa.adoptions (practice);
COMMENT ON TABLE multaqa.adoptions IS 'By which member a practice was taken up, and how far that has come.';
COMMENT ON COLUMN multaqa.adoptions.practice IS 'The version of the practice.';

CREATE TABLE multaqa.evaluations (
    id bytea PRIMARY KEY REFERENCES multaqa.records (id) ON DELETE CASCADE,
    about bytea NOT NULL,
    commitment text,
    completion text NOT NULL
);
COMMENT ON TABLE multaqa.evaluations IS 'Verdicts on plans and commitments.';

CREATE FUNCTION multaqa.search(query text, most int DEFAULT 50)
RETURNS TABLE (id bytea, kind text, place text, title_ar text, title_fr text, title_en text, rank real)
LANGUAGE sql STABLE
AS $$
    SELECT r.id, r.kind, r.place, r.title_ar, r.title_fr, r.title_en,
        greatest(ts_rank(r.search_ar, ar), ts_rank(r.search_fr, fr), ts_rank(r.search_en, en)) AS rank
    FROM websearch_to_tsquery('arabic', multaqa.plain(query)) AS ar,
        websearch_to_tsquery('french', query) AS fr,
        websearch_to_tsquery('english', query) AS en,
        multaqa.records AS r
    WHERE r.is_current AND r.body IS NOT NULL
        AND (r.search_ar @@ ar OR r.search_fr @@ fr OR r.search_en @@ en)
    ORDER BY rank DESC, r.published DESC, r.id
    LIMIT most
$$;
COMMENT ON FUNCTION multaqa.search IS 'Records that count and hold the words, in Arabic, French or English, the best first; or, "a phrase" and -without work as in a search engine.';

CREATE FUNCTION multaqa.records_as_of(day date) RETURNS SETOF multaqa.records
LANGUAGE sql STABLE
AS $$
    SELECT r.* FROM multaqa.records AS r
    WHERE r.status IN ('canonical', 'withdrawn')
        AND r.published < ((day + 1)::timestamp AT TIME ZONE 'Africa/Casablanca')
        AND (r.revised_at IS NULL OR r.revised_at >= ((day + 1)::timestamp AT TIME ZONE 'Africa/Casablanca'))
        AND (r.withdrawn_at IS NULL OR r.withdrawn_at >= ((day + 1)::timestamp AT TIME ZONE 'Africa/Casablanca'))
$$;
COMMENT ON FUNCTION multaqa.records_as_of IS 'The records that counted at the end of a day in Morocco, each in the version of then. One withdrawn since is among them, without what it said.';

CREATE FUNCTION multaqa.members_as_of(day date) RETURNS SETOF multaqa.member_periods
LANGUAGE sql STABLE
AS $$
    SELECT p.* FROM multaqa.member_periods AS p
    WHERE p.first_day <= day AND (p.last_day IS NULL OR p.last_day >= day)
$$;
COMMENT ON FUNCTION multaqa.members_as_of IS 'How everyone stood to the network at the end of a day in Morocco.';
