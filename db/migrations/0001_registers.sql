-- The registers of one office. Dates are ISO text; '' as valid_from means «from before the records begin».
-- Every table of records has rev (grows by 1 with each change) and deleted_at (removing is a state).

CREATE TABLE setting (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;

-- Units in time. A unit is (code, valid_from); name, level and parent are the latest, earlier ones in unit_past.
CREATE TABLE unit (
  id INTEGER PRIMARY KEY,
  rev INTEGER NOT NULL DEFAULT 1,
  deleted_at TEXT,
  code TEXT NOT NULL,
  name TEXT NOT NULL,
  short_name TEXT,
  level TEXT NOT NULL,
  branch TEXT NOT NULL DEFAULT 'administrative',
  parent_id INTEGER REFERENCES unit(id),
  valid_from TEXT NOT NULL DEFAULT '',
  valid_to TEXT,
  legal_basis TEXT,
  note TEXT,
  folded TEXT NOT NULL,
  name_key BLOB NOT NULL
) STRICT;
-- a unit by its code, all its lives
CREATE UNIQUE INDEX unit_code ON unit(code, valid_from) WHERE deleted_at IS NULL;
-- the children of a unit, in Vietnamese order
CREATE INDEX unit_parent ON unit(parent_id, name_key);

-- A name, level and parent that a unit bore until a day.
CREATE TABLE unit_past (
  unit_id INTEGER NOT NULL REFERENCES unit(id),
  until TEXT NOT NULL,
  name TEXT NOT NULL,
  short_name TEXT,
  level TEXT NOT NULL,
  parent_id INTEGER REFERENCES unit(id),
  legal_basis TEXT,
  confirmed INTEGER NOT NULL DEFAULT 1,
  PRIMARY KEY (unit_id, until)
) STRICT, WITHOUT ROWID;

CREATE TABLE unit_successor (
  unit_id INTEGER NOT NULL REFERENCES unit(id),
  successor_id INTEGER NOT NULL REFERENCES unit(id),
  kind TEXT NOT NULL CHECK (kind IN ('whole','part')),
  PRIMARY KEY (unit_id, successor_id)
) STRICT, WITHOUT ROWID;
-- what a unit was made of
CREATE INDEX unit_origin ON unit_successor(successor_id, unit_id);

-- Every unit with every unit above it, itself included: «with its subtree» is one look-up.
CREATE TABLE unit_closure (
  ancestor_id INTEGER NOT NULL,
  unit_id INTEGER NOT NULL,
  PRIMARY KEY (ancestor_id, unit_id)
) STRICT, WITHOUT ROWID;
-- the ancestors of a unit
CREATE INDEX unit_closure_up ON unit_closure(unit_id, ancestor_id);

CREATE TABLE model (
  id INTEGER PRIMARY KEY,
  rev INTEGER NOT NULL DEFAULT 1,
  deleted_at TEXT,
  number_year INTEGER NOT NULL,
  number_seq INTEGER NOT NULL,
  name TEXT NOT NULL,
  year INTEGER NOT NULL,
  model_kind TEXT, registrant TEXT NOT NULL, registrant_name TEXT, registrant_position TEXT,
  unit_id INTEGER REFERENCES unit(id),
  field TEXT, level TEXT, registered_on TEXT NOT NULL, status TEXT NOT NULL, tags TEXT,
  renewal TEXT, previous_id INTEGER REFERENCES model(id),
  starts_on TEXT, ends_on TEXT, area TEXT, beneficiaries INTEGER,
  situation TEXT, goal TEXT, method TEXT, forces TEXT, partners TEXT, led_by TEXT,
  resources TEXT, output TEXT, sustainability TEXT, result TEXT,
  assessment TEXT, assessed_by TEXT, assessed_on TEXT,
  recognised_by TEXT, decision_no TEXT, decision_on TEXT, replicated_at TEXT, award TEXT, note TEXT
) STRICT;
-- the number of a year's book
CREATE UNIQUE INDEX model_number ON model(number_year, number_seq);
-- newest first, and how many in a period
CREATE INDEX model_date ON model(registered_on) WHERE deleted_at IS NULL;
-- models of a unit, and how many
CREATE INDEX model_unit ON model(unit_id, registered_on) WHERE deleted_at IS NULL;
-- the removed ones
CREATE INDEX model_removed ON model(registered_on) WHERE deleted_at IS NOT NULL;
-- the registration that follows another
CREATE INDEX model_previous ON model(previous_id) WHERE previous_id IS NOT NULL;

CREATE TABLE dialogue (
  id INTEGER PRIMARY KEY,
  rev INTEGER NOT NULL DEFAULT 1,
  deleted_at TEXT,
  held_on TEXT NOT NULL, purpose TEXT, unit_id INTEGER REFERENCES unit(id), level TEXT,
  chair TEXT, chair_position TEXT, place TEXT, hours TEXT, format TEXT, topic TEXT NOT NULL,
  audience TEXT, participants TEXT, attendance INTEGER, secretary TEXT, plan_document TEXT,
  minutes_no TEXT, conclusion_no TEXT, conclusion_on TEXT, publicised_on TEXT, note TEXT
) STRICT;
-- newest first, and how many in a period
CREATE INDEX dialogue_date ON dialogue(held_on) WHERE deleted_at IS NULL;
-- dialogues of a unit, and how many
CREATE INDEX dialogue_unit ON dialogue(unit_id, held_on) WHERE deleted_at IS NULL;
-- the removed ones
CREATE INDEX dialogue_removed ON dialogue(held_on) WHERE deleted_at IS NOT NULL;

CREATE TABLE petition (
  id INTEGER PRIMARY KEY,
  rev INTEGER NOT NULL DEFAULT 1,
  deleted_at TEXT,
  number_year INTEGER NOT NULL,
  number_seq INTEGER NOT NULL,
  received_on TEXT NOT NULL, written_on TEXT,
  type TEXT NOT NULL, instance INTEGER NOT NULL DEFAULT 1, previous_id INTEGER REFERENCES petition(id),
  source TEXT, forwarded_by TEXT, forward_document TEXT,
  petitioner TEXT, address TEXT, signers INTEGER,
  subject TEXT NOT NULL, content TEXT, demand TEXT, field TEXT,
  unit_id INTEGER REFERENCES unit(id), handler_unit_id INTEGER REFERENCES unit(id), officer TEXT,
  jurisdiction TEXT NOT NULL DEFAULT 'unknown', eligible INTEGER,
  complex INTEGER NOT NULL DEFAULT 0, very_complex INTEGER NOT NULL DEFAULT 0, remote INTEGER NOT NULL DEFAULT 0,
  earlier_handling TEXT, originals INTEGER, sealed_file TEXT,
  duplicate_of_id INTEGER REFERENCES petition(id), national_db_on TEXT, note TEXT,
  -- the fold of the steps, kept beside them so that lists and rates need no folding
  stage TEXT NOT NULL DEFAULT 'received', due_on TEXT, due_rule TEXT,
  last_on TEXT, accepted_on TEXT, handled_on TEXT, forwarded_on TEXT, replied_on TEXT,
  resolved_on TEXT, closed_on TEXT, outcome TEXT, ended TEXT,
  -- a denunciation keeps no trace of its writer (LTC Đ8.3, Đ56)
  CHECK (type <> 'denunciation' OR (petitioner IS NULL AND address IS NULL))
) STRICT;
-- the number of a year's book
CREATE UNIQUE INDEX petition_number ON petition(number_year, number_seq);
-- newest first; received in a period
CREATE INDEX petition_date ON petition(received_on) WHERE deleted_at IS NULL;
-- petitions of a unit, newest first
CREATE INDEX petition_unit ON petition(unit_id, received_on) WHERE deleted_at IS NULL;
-- the removed ones
CREATE INDEX petition_removed ON petition(received_on) WHERE deleted_at IS NOT NULL;
-- Open ones are told by one stage after the other, here and in what asks for them: of a list of more than two SQLite makes
-- a table for each row that is saved, once for each of these indexes.
-- open ones by deadline: due list, overdue, due soon
CREATE INDEX petition_due ON petition(due_on, unit_id, stage) WHERE (stage = 'received' OR stage = 'classified' OR stage = 'accepted' OR stage = 'forwarded') AND deleted_at IS NULL;
-- open ones of a stage, newest first, and how many; those that lie unhandled
CREATE INDEX petition_stage ON petition(stage, received_on) WHERE (stage = 'received' OR stage = 'classified' OR stage = 'accepted' OR stage = 'forwarded') AND deleted_at IS NULL;
-- open ones of a unit: how many, and how many late
CREATE INDEX petition_open_unit ON petition(unit_id, due_on) WHERE (stage = 'received' OR stage = 'classified' OR stage = 'accepted' OR stage = 'forwarded') AND deleted_at IS NULL;
-- R1: what was handled from a day on, and what is not handled yet; all that a table of rates asks of a row
CREATE INDEX petition_handled ON petition(handled_on, received_on, unit_id, type, field, handler_unit_id) WHERE deleted_at IS NULL;
-- R2, R3, R4: matters of own jurisdiction at their lead, by the day they ended
CREATE INDEX petition_own ON petition(closed_on, accepted_on, received_on, type, resolved_on, ended, due_on, stage, unit_id, field, handler_unit_id)
  WHERE jurisdiction = 'own' AND duplicate_of_id IS NULL AND deleted_at IS NULL;
-- R2: which of them are suspended; few
CREATE INDEX petition_suspended ON petition(accepted_on, closed_on, type, jurisdiction, duplicate_of_id, unit_id)
  WHERE stage = 'suspended' AND deleted_at IS NULL;
-- R5: forwards, by the day of their reply
CREATE INDEX petition_forwarded ON petition(replied_on, forwarded_on, unit_id, type, field, handler_unit_id) WHERE forwarded_on IS NOT NULL AND deleted_at IS NULL;
-- papers of one matter
CREATE INDEX petition_duplicate ON petition(duplicate_of_id) WHERE duplicate_of_id IS NOT NULL;
-- the petition that follows another
CREATE INDEX petition_previous ON petition(previous_id) WHERE previous_id IS NOT NULL;

-- petitions whose days do not follow each other: few, and counted by themselves
CREATE INDEX petition_odd ON petition(id) WHERE coalesce(handled_on < received_on, 0) OR coalesce(closed_on < accepted_on, 0)
  OR coalesce(closed_on < received_on, 0) OR coalesce(replied_on < forwarded_on, 0)
  OR (resolved_on IS NOT NULL AND resolved_on IS NOT closed_on);

-- What happened to petitions by unit (0: none) and month ('2026-03'), year ('y2026') or ten years ('d202'), so that a
-- year of a whole country is read from sums; and by day ('t2026-03-12') and year ('u2026') of all units together (-1),
-- for the figures of the first screen. Triggers keep it within the very change; doctor counts it again from petition_days.
CREATE TABLE rate_count (
  span TEXT NOT NULL, unit_id INTEGER NOT NULL,
  received INTEGER NOT NULL, handled INTEGER NOT NULL, accepted INTEGER NOT NULL, ended INTEGER NOT NULL, resolved
  INTEGER NOT NULL, withdrawn INTEGER NOT NULL, on_time INTEGER NOT NULL, asked INTEGER NOT NULL, asked_ended
  INTEGER NOT NULL, answered INTEGER NOT NULL, forwarded INTEGER NOT NULL, replied INTEGER NOT NULL,
  PRIMARY KEY (span, unit_id)
) STRICT, WITHOUT ROWID;
-- the days on which rates begin or end to count a petition; of those whose days follow each other
CREATE VIEW petition_days AS
  SELECT id, unit_id, received_on AS received, handled_on AS handled,
    CASE WHEN is_case THEN accepted_on END AS accepted, CASE WHEN is_case THEN closed_on END AS ended,
    CASE WHEN is_case AND resolved_on IS NOT NULL THEN closed_on END AS resolved,
    CASE WHEN is_case AND resolved_on IS NULL AND ended IN ('withdrawn','terminated') THEN closed_on END AS withdrawn,
    CASE WHEN is_case AND resolved_on <= due_on THEN closed_on END AS on_time,
    CASE WHEN is_ask THEN received_on END AS asked, CASE WHEN is_ask THEN closed_on END AS asked_ended,
    CASE WHEN is_ask AND resolved_on IS NOT NULL THEN closed_on END AS answered,
    forwarded_on AS forwarded, CASE WHEN forwarded_on IS NOT NULL THEN replied_on END AS replied
  FROM (SELECT id, coalesce(unit_id, 0) AS unit_id, received_on, handled_on, accepted_on, forwarded_on, replied_on,
    resolved_on, closed_on, ended, due_on,
    type IN ('complaint','denunciation') AND jurisdiction = 'own' AND duplicate_of_id IS NULL
      AND accepted_on IS NOT NULL AS is_case,
    type IN ('recommendation','feedback') AND jurisdiction = 'own' AND duplicate_of_id IS NULL AS is_ask
  FROM petition WHERE deleted_at IS NULL AND NOT (coalesce(handled_on < received_on, 0) OR coalesce(closed_on < accepted_on, 0)
  OR coalesce(closed_on < received_on, 0) OR coalesce(replied_on < forwarded_on, 0)
  OR (resolved_on IS NOT NULL AND resolved_on IS NOT closed_on)));
-- What is counted, and what a day is summed under. Tables, though they never change: a list of values within a trigger
-- would be a table made for each row that is saved.
CREATE TABLE rate_event (event TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
INSERT INTO rate_event VALUES ('received'), ('handled'), ('accepted'), ('ended'), ('resolved'), ('withdrawn'),
  ('on_time'), ('asked'), ('asked_ended'), ('answered'), ('forwarded'), ('replied');
CREATE TABLE rate_span (sign TEXT PRIMARY KEY, long INTEGER NOT NULL, unit INTEGER) STRICT, WITHOUT ROWID;
INSERT INTO rate_span VALUES ('', 7, NULL), ('y', 4, NULL), ('d', 3, NULL), ('t', 10, -1), ('u', 4, -1);
-- the days of a petition, a row for each
CREATE VIEW petition_event AS
  SELECT id, unit_id, event, day FROM (
    SELECT d.id, d.unit_id, e.event,
      CASE e.event WHEN 'received' THEN received WHEN 'handled' THEN handled WHEN 'accepted' THEN accepted WHEN
        'ended' THEN ended WHEN 'resolved' THEN resolved WHEN 'withdrawn' THEN withdrawn WHEN 'on_time' THEN on_time
        WHEN 'asked' THEN asked WHEN 'asked_ended' THEN asked_ended WHEN 'answered' THEN answered WHEN 'forwarded'
        THEN forwarded WHEN 'replied' THEN replied END AS day
    FROM petition_days d CROSS JOIN rate_event e)
  WHERE day IS NOT NULL;
-- A petition as it is entered: it was received, and nothing has come of it yet. Its sums are there nearly always: to change
-- them takes half of what it takes to add them and to see that they are there.
CREATE TRIGGER rate_count_new AFTER INSERT ON petition
  WHEN NEW.deleted_at IS NULL AND coalesce(NEW.handled_on, NEW.accepted_on, NEW.forwarded_on,
    NEW.replied_on, NEW.resolved_on, NEW.closed_on) IS NULL BEGIN
  UPDATE rate_count SET received = received + 1 WHERE span = substr(NEW.received_on, 1, 7) AND unit_id = coalesce(NEW.unit_id, 0);
  INSERT INTO rate_count(
    span, unit_id, received, handled, accepted, ended, resolved, withdrawn, on_time, asked, asked_ended, answered,
    forwarded, replied)
  SELECT substr(NEW.received_on, 1, 7), coalesce(NEW.unit_id, 0), 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 WHERE changes() = 0;
  UPDATE rate_count SET received = received + 1 WHERE span = 'y' || substr(NEW.received_on, 1, 4) AND unit_id = coalesce(NEW.unit_id, 0);
  INSERT INTO rate_count(
    span, unit_id, received, handled, accepted, ended, resolved, withdrawn, on_time, asked, asked_ended, answered,
    forwarded, replied)
  SELECT 'y' || substr(NEW.received_on, 1, 4), coalesce(NEW.unit_id, 0), 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 WHERE changes() = 0;
  UPDATE rate_count SET received = received + 1 WHERE span = 'd' || substr(NEW.received_on, 1, 3) AND unit_id = coalesce(NEW.unit_id, 0);
  INSERT INTO rate_count(
    span, unit_id, received, handled, accepted, ended, resolved, withdrawn, on_time, asked, asked_ended, answered,
    forwarded, replied)
  SELECT 'd' || substr(NEW.received_on, 1, 3), coalesce(NEW.unit_id, 0), 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 WHERE changes() = 0;
  UPDATE rate_count SET received = received + 1 WHERE span = 't' || NEW.received_on AND unit_id = -1;
  INSERT INTO rate_count(
    span, unit_id, received, handled, accepted, ended, resolved, withdrawn, on_time, asked, asked_ended, answered,
    forwarded, replied)
  SELECT 't' || NEW.received_on, -1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 WHERE changes() = 0;
  UPDATE rate_count SET received = received + 1 WHERE span = 'u' || substr(NEW.received_on, 1, 4) AND unit_id = -1;
  INSERT INTO rate_count(
    span, unit_id, received, handled, accepted, ended, resolved, withdrawn, on_time, asked, asked_ended, answered,
    forwarded, replied)
  SELECT 'u' || substr(NEW.received_on, 1, 4), -1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 WHERE changes() = 0;
END;
-- And perhaps it asks for something.
CREATE TRIGGER rate_count_ask AFTER INSERT ON petition
  WHEN (NEW.type = 'recommendation' OR NEW.type = 'feedback') AND NEW.jurisdiction = 'own' AND NEW.duplicate_of_id IS NULL
    AND NEW.deleted_at IS NULL AND coalesce(NEW.handled_on, NEW.accepted_on, NEW.forwarded_on,
    NEW.replied_on, NEW.resolved_on, NEW.closed_on) IS NULL BEGIN
  INSERT INTO rate_count(
    span, unit_id, received, handled, accepted, ended, resolved, withdrawn, on_time, asked, asked_ended, answered,
    forwarded, replied)
  SELECT w.sign || substr(NEW.received_on, 1, w.long), coalesce(w.unit, NEW.unit_id, 0), 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0
  FROM rate_span w WHERE true
  ON CONFLICT(span, unit_id) DO UPDATE SET asked = asked + 1;
END;
-- One that comes with more days.
CREATE TRIGGER rate_count_add AFTER INSERT ON petition
  WHEN coalesce(NEW.handled_on, NEW.accepted_on, NEW.forwarded_on, NEW.replied_on,
    NEW.resolved_on, NEW.closed_on) IS NOT NULL BEGIN
  INSERT INTO rate_count(
    span, unit_id, received, handled, accepted, ended, resolved, withdrawn, on_time, asked, asked_ended, answered,
    forwarded, replied)
  SELECT w.sign || substr(day, 1, w.long), coalesce(w.unit, unit_id),
    sum(event = 'received'), sum(event = 'handled'), sum(event = 'accepted'), sum(event = 'ended'), sum(event =
    'resolved'), sum(event = 'withdrawn'), sum(event = 'on_time'), sum(event = 'asked'), sum(event = 'asked_ended'),
    sum(event = 'answered'), sum(event = 'forwarded'), sum(event = 'replied')
  FROM petition_event CROSS JOIN rate_span w WHERE id = NEW.id GROUP BY 1, 2
  ON CONFLICT(span, unit_id) DO UPDATE SET
    received = received + excluded.received, handled = handled + excluded.handled, accepted = accepted +
    excluded.accepted, ended = ended + excluded.ended, resolved = resolved + excluded.resolved, withdrawn =
    withdrawn + excluded.withdrawn, on_time = on_time + excluded.on_time, asked = asked + excluded.asked,
    asked_ended = asked_ended + excluded.asked_ended, answered = answered + excluded.answered, forwarded = forwarded
    + excluded.forwarded, replied = replied + excluded.replied;
END;
CREATE TRIGGER rate_count_before BEFORE UPDATE ON petition
  WHEN (
    OLD.deleted_at, OLD.received_on, OLD.type, OLD.unit_id, OLD.jurisdiction, OLD.duplicate_of_id, OLD.accepted_on,
    OLD.handled_on, OLD.forwarded_on, OLD.replied_on, OLD.resolved_on, OLD.closed_on, OLD.ended,
    OLD.resolved_on <= OLD.due_on)
  IS NOT (
    NEW.deleted_at, NEW.received_on, NEW.type, NEW.unit_id, NEW.jurisdiction, NEW.duplicate_of_id, NEW.accepted_on,
    NEW.handled_on, NEW.forwarded_on, NEW.replied_on, NEW.resolved_on, NEW.closed_on, NEW.ended,
    NEW.resolved_on <= NEW.due_on) BEGIN
  INSERT INTO rate_count(
    span, unit_id, received, handled, accepted, ended, resolved, withdrawn, on_time, asked, asked_ended, answered,
    forwarded, replied)
  SELECT w.sign || substr(day, 1, w.long), coalesce(w.unit, unit_id),
    -sum(event = 'received'), -sum(event = 'handled'), -sum(event = 'accepted'), -sum(event = 'ended'), -sum(event =
    'resolved'), -sum(event = 'withdrawn'), -sum(event = 'on_time'), -sum(event = 'asked'), -sum(event =
    'asked_ended'), -sum(event = 'answered'), -sum(event = 'forwarded'), -sum(event = 'replied')
  FROM petition_event CROSS JOIN rate_span w WHERE id = OLD.id GROUP BY 1, 2
  ON CONFLICT(span, unit_id) DO UPDATE SET
    received = received + excluded.received, handled = handled + excluded.handled, accepted = accepted +
    excluded.accepted, ended = ended + excluded.ended, resolved = resolved + excluded.resolved, withdrawn =
    withdrawn + excluded.withdrawn, on_time = on_time + excluded.on_time, asked = asked + excluded.asked,
    asked_ended = asked_ended + excluded.asked_ended, answered = answered + excluded.answered, forwarded = forwarded
    + excluded.forwarded, replied = replied + excluded.replied;
END;
CREATE TRIGGER rate_count_after AFTER UPDATE ON petition
  WHEN (
    OLD.deleted_at, OLD.received_on, OLD.type, OLD.unit_id, OLD.jurisdiction, OLD.duplicate_of_id, OLD.accepted_on,
    OLD.handled_on, OLD.forwarded_on, OLD.replied_on, OLD.resolved_on, OLD.closed_on, OLD.ended,
    OLD.resolved_on <= OLD.due_on)
  IS NOT (
    NEW.deleted_at, NEW.received_on, NEW.type, NEW.unit_id, NEW.jurisdiction, NEW.duplicate_of_id, NEW.accepted_on,
    NEW.handled_on, NEW.forwarded_on, NEW.replied_on, NEW.resolved_on, NEW.closed_on, NEW.ended,
    NEW.resolved_on <= NEW.due_on) BEGIN
  INSERT INTO rate_count(
    span, unit_id, received, handled, accepted, ended, resolved, withdrawn, on_time, asked, asked_ended, answered,
    forwarded, replied)
  SELECT w.sign || substr(day, 1, w.long), coalesce(w.unit, unit_id),
    sum(event = 'received'), sum(event = 'handled'), sum(event = 'accepted'), sum(event = 'ended'), sum(event =
    'resolved'), sum(event = 'withdrawn'), sum(event = 'on_time'), sum(event = 'asked'), sum(event = 'asked_ended'),
    sum(event = 'answered'), sum(event = 'forwarded'), sum(event = 'replied')
  FROM petition_event CROSS JOIN rate_span w WHERE id = NEW.id GROUP BY 1, 2
  ON CONFLICT(span, unit_id) DO UPDATE SET
    received = received + excluded.received, handled = handled + excluded.handled, accepted = accepted +
    excluded.accepted, ended = ended + excluded.ended, resolved = resolved + excluded.resolved, withdrawn =
    withdrawn + excluded.withdrawn, on_time = on_time + excluded.on_time, asked = asked + excluded.asked,
    asked_ended = asked_ended + excluded.asked_ended, answered = answered + excluded.answered, forwarded = forwarded
    + excluded.forwarded, replied = replied + excluded.replied;
END;
CREATE TRIGGER rate_count_remove BEFORE DELETE ON petition BEGIN
  INSERT INTO rate_count(
    span, unit_id, received, handled, accepted, ended, resolved, withdrawn, on_time, asked, asked_ended, answered,
    forwarded, replied)
  SELECT w.sign || substr(day, 1, w.long), coalesce(w.unit, unit_id),
    -sum(event = 'received'), -sum(event = 'handled'), -sum(event = 'accepted'), -sum(event = 'ended'), -sum(event =
    'resolved'), -sum(event = 'withdrawn'), -sum(event = 'on_time'), -sum(event = 'asked'), -sum(event =
    'asked_ended'), -sum(event = 'answered'), -sum(event = 'forwarded'), -sum(event = 'replied')
  FROM petition_event CROSS JOIN rate_span w WHERE id = OLD.id GROUP BY 1, 2
  ON CONFLICT(span, unit_id) DO UPDATE SET
    received = received + excluded.received, handled = handled + excluded.handled, accepted = accepted +
    excluded.accepted, ended = ended + excluded.ended, resolved = resolved + excluded.resolved, withdrawn =
    withdrawn + excluded.withdrawn, on_time = on_time + excluded.on_time, asked = asked + excluded.asked,
    asked_ended = asked_ended + excluded.asked_ended, answered = answered + excluded.answered, forwarded = forwarded
    + excluded.forwarded, replied = replied + excluded.replied;
END;

-- How much there is of each day, so that the first screen need not count it: open petitions of a stage by the day they
-- were received (what: the stage), open ones by deadline ('due'), receptions ('reception'). Triggers keep it within the
-- very change; doctor counts it again from the view. They ask for one stage after the other: of a list of more than two
-- SQLite makes a table each time.
CREATE TABLE day_count (
  what TEXT NOT NULL, day TEXT NOT NULL, n INTEGER NOT NULL, PRIMARY KEY (what, day)
) STRICT, WITHOUT ROWID;
CREATE VIEW day_counted(what, day, n) AS
  SELECT stage, received_on, count(*) FROM petition
    WHERE (stage = 'received' OR stage = 'classified' OR stage = 'accepted' OR stage = 'forwarded') AND deleted_at IS NULL GROUP BY 1, 2
  UNION ALL SELECT 'due', due_on, count(*) FROM petition
    WHERE (stage = 'received' OR stage = 'classified' OR stage = 'accepted' OR stage = 'forwarded') AND deleted_at IS NULL AND due_on IS NOT NULL GROUP BY 2
  UNION ALL SELECT 'reception', received_on, count(*) FROM reception WHERE deleted_at IS NULL GROUP BY 2;
CREATE TRIGGER day_count_add AFTER INSERT ON petition
  WHEN (NEW.stage = 'received' OR NEW.stage = 'classified' OR NEW.stage = 'accepted' OR NEW.stage = 'forwarded') AND NEW.deleted_at IS NULL BEGIN
  INSERT INTO day_count(what, day, n) VALUES (NEW.stage, NEW.received_on, 1) ON CONFLICT DO UPDATE SET n = n + 1;
  INSERT INTO day_count(what, day, n) SELECT 'due', NEW.due_on, 1 WHERE NEW.due_on IS NOT NULL
    ON CONFLICT DO UPDATE SET n = n + 1;
END;
CREATE TRIGGER day_count_change AFTER UPDATE OF stage, received_on, due_on, deleted_at ON petition
  WHEN (OLD.stage, OLD.received_on, OLD.due_on, OLD.deleted_at) IS NOT
    (NEW.stage, NEW.received_on, NEW.due_on, NEW.deleted_at) BEGIN
  UPDATE day_count SET n = n - 1 WHERE what = OLD.stage AND day = OLD.received_on AND OLD.deleted_at IS NULL;
  UPDATE day_count SET n = n - 1 WHERE what = 'due' AND day = OLD.due_on AND OLD.deleted_at IS NULL
    AND (OLD.stage = 'received' OR OLD.stage = 'classified' OR OLD.stage = 'accepted' OR OLD.stage = 'forwarded');
  INSERT INTO day_count(what, day, n) SELECT NEW.stage, NEW.received_on, 1 WHERE NEW.deleted_at IS NULL
    AND (NEW.stage = 'received' OR NEW.stage = 'classified' OR NEW.stage = 'accepted' OR NEW.stage = 'forwarded') ON CONFLICT DO UPDATE SET n = n + 1;
  INSERT INTO day_count(what, day, n) SELECT 'due', NEW.due_on, 1 WHERE NEW.deleted_at IS NULL AND NEW.due_on IS NOT NULL
    AND (NEW.stage = 'received' OR NEW.stage = 'classified' OR NEW.stage = 'accepted' OR NEW.stage = 'forwarded') ON CONFLICT DO UPDATE SET n = n + 1;
END;
CREATE TRIGGER day_count_remove BEFORE DELETE ON petition
  WHEN (OLD.stage = 'received' OR OLD.stage = 'classified' OR OLD.stage = 'accepted' OR OLD.stage = 'forwarded') AND OLD.deleted_at IS NULL BEGIN
  UPDATE day_count SET n = n - 1 WHERE what = OLD.stage AND day = OLD.received_on;
  UPDATE day_count SET n = n - 1 WHERE what = 'due' AND day = OLD.due_on;
END;

-- What one person did at once: all history rows of a transaction belong to one operation, which can be taken back and
-- done again. what: change, undo (takes back the operation undoes), redo (does it again); root: the first of such a
-- chain; records: how many it changed. Sample data, rules, settings and the calendar have none. Its rows of history lie
-- from the place first on, up to last or, where that is not said, up to where the next one begins: an index of the
-- history by operation would be one more page in each save.
CREATE TABLE operation (
  id INTEGER PRIMARY KEY,
  at TEXT NOT NULL, who TEXT NOT NULL,
  what TEXT NOT NULL CHECK (what = 'change' OR what = 'undo' OR what = 'redo'),
  undoes INTEGER REFERENCES operation(id), root INTEGER REFERENCES operation(id),
  records INTEGER NOT NULL,
  first INTEGER NOT NULL, last INTEGER
) STRICT;
-- what a person did, newest first
CREATE INDEX operation_who ON operation(who, id);
-- whether an operation was taken back: once at most
CREATE UNIQUE INDEX operation_undoes ON operation(undoes) WHERE undoes IS NOT NULL;
CREATE TRIGGER operation_no_delete BEFORE DELETE ON operation BEGIN SELECT raise(ABORT, 'history is append-only'); END;
CREATE TRIGGER operation_no_update BEFORE UPDATE ON operation
WHEN NOT (NEW.id = OLD.id AND NEW.at = OLD.at AND NEW.who = OLD.who AND NEW.what = OLD.what
  AND NEW.undoes IS OLD.undoes AND NEW.root IS OLD.root AND NEW.first = OLD.first)
BEGIN SELECT raise(ABORT, 'history is append-only'); END;

-- Steps are only ever added; taking one back is a row of its own (kind 'undo', undoes = the step).
CREATE TABLE step (
  id INTEGER PRIMARY KEY,
  petition_id INTEGER NOT NULL REFERENCES petition(id),
  kind TEXT NOT NULL,
  done_on TEXT,
  document TEXT, note TEXT,
  to_unit_id INTEGER REFERENCES unit(id), reply_due TEXT,
  jurisdiction TEXT, eligible INTEGER,
  complex INTEGER, very_complex INTEGER, remote INTEGER,
  outcome TEXT, days INTEGER, reason TEXT, extent TEXT, lead_id INTEGER REFERENCES petition(id),
  -- what the step changed in the petition, to give it back when the step is taken back (JSON)
  before TEXT,
  undoes INTEGER REFERENCES step(id), why TEXT,
  -- the step, taken back since, that this one takes again
  again INTEGER REFERENCES step(id),
  entered_at TEXT NOT NULL, who TEXT NOT NULL, op INTEGER REFERENCES operation(id)
) STRICT;
-- the steps of a petition in order
CREATE INDEX step_petition ON step(petition_id);
-- whether a step was taken back, and why
CREATE INDEX step_undoes ON step(undoes) WHERE undoes IS NOT NULL;
-- Steps stand as they were taken; only a text that names the writer of a denunciation may be emptied (LTC Đ8.3).
CREATE TRIGGER step_no_update BEFORE UPDATE ON step
WHEN NOT (NEW.id = OLD.id AND NEW.petition_id = OLD.petition_id AND NEW.kind = OLD.kind AND NEW.done_on IS OLD.done_on
  AND NEW.to_unit_id IS OLD.to_unit_id AND NEW.reply_due IS OLD.reply_due AND NEW.jurisdiction IS OLD.jurisdiction
  AND NEW.eligible IS OLD.eligible AND NEW.complex IS OLD.complex AND NEW.very_complex IS OLD.very_complex
  AND NEW.remote IS OLD.remote AND NEW.outcome IS OLD.outcome AND NEW.days IS OLD.days AND NEW.extent IS OLD.extent
  AND NEW.lead_id IS OLD.lead_id AND NEW.before IS OLD.before AND NEW.undoes IS OLD.undoes
  AND NEW.entered_at = OLD.entered_at AND NEW.who = OLD.who AND NEW.op IS OLD.op AND NEW.again IS OLD.again
  AND (NEW.note IS OLD.note OR NEW.note = '') AND (NEW.document IS OLD.document OR NEW.document = '')
  AND (NEW.reason IS OLD.reason OR NEW.reason = '') AND (NEW.why IS OLD.why OR NEW.why = '')
  AND EXISTS (SELECT 1 FROM petition p WHERE p.id = OLD.petition_id AND p.type = 'denunciation'))
BEGIN SELECT raise(ABORT, 'steps are append-only'); END;
CREATE TRIGGER step_no_delete BEFORE DELETE ON step BEGIN SELECT raise(ABORT, 'steps are append-only'); END;

CREATE TABLE opinion (
  id INTEGER PRIMARY KEY,
  rev INTEGER NOT NULL DEFAULT 1,
  deleted_at TEXT,
  dialogue_id INTEGER NOT NULL REFERENCES dialogue(id),
  position INTEGER NOT NULL, content TEXT NOT NULL, field TEXT, source TEXT, asker TEXT,
  answered_on_spot INTEGER, answered_by TEXT, assigned_unit_id INTEGER REFERENCES unit(id), due_on TEXT,
  status TEXT NOT NULL DEFAULT 'open', answered_on TEXT, result TEXT, document TEXT, informed_on TEXT,
  petition_id INTEGER REFERENCES petition(id), note TEXT
) STRICT;
-- the opinions of a dialogue in order
CREATE INDEX opinion_dialogue ON opinion(dialogue_id, position);
-- commitments by deadline
CREATE INDEX opinion_due ON opinion(due_on) WHERE status <> 'answered' AND deleted_at IS NULL;
-- opinions assigned to a unit
CREATE INDEX opinion_unit ON opinion(assigned_unit_id, due_on);
-- the opinion a petition came from
CREATE INDEX opinion_petition ON opinion(petition_id) WHERE petition_id IS NOT NULL;

CREATE TABLE reception (
  id INTEGER PRIMARY KEY,
  rev INTEGER NOT NULL DEFAULT 1,
  deleted_at TEXT,
  number_year INTEGER NOT NULL,
  number_seq INTEGER NOT NULL,
  received_on TEXT NOT NULL, unit_id INTEGER REFERENCES unit(id), mode TEXT NOT NULL, format TEXT,
  delegated INTEGER, receiver TEXT, matter_type TEXT, visitor TEXT, address TEXT,
  people INTEGER NOT NULL DEFAULT 1, is_group INTEGER, first_time INTEGER,
  content TEXT NOT NULL, demand TEXT, earlier_handling TEXT, own_jurisdiction INTEGER, guidance TEXT,
  transferred_to TEXT, receipt_no TEXT, result TEXT,
  petition_id INTEGER REFERENCES petition(id), national_db_on TEXT, note TEXT,
  CHECK (matter_type IS NOT 'denunciation' OR (visitor IS NULL AND address IS NULL))
) STRICT;
-- the number of a year's book
CREATE UNIQUE INDEX reception_number ON reception(number_year, number_seq);
-- newest first, and how many in a period
CREATE INDEX reception_date ON reception(received_on) WHERE deleted_at IS NULL;
-- receptions of a unit, and how many
CREATE INDEX reception_unit ON reception(unit_id, received_on) WHERE deleted_at IS NULL;
-- the removed ones
CREATE INDEX reception_removed ON reception(received_on) WHERE deleted_at IS NOT NULL;
-- the reception a petition came from
CREATE INDEX reception_petition ON reception(petition_id) WHERE petition_id IS NOT NULL;

CREATE TRIGGER day_count_reception_add AFTER INSERT ON reception WHEN NEW.deleted_at IS NULL BEGIN
  INSERT INTO day_count(what, day, n) VALUES ('reception', NEW.received_on, 1) ON CONFLICT DO UPDATE SET n = n + 1;
END;
CREATE TRIGGER day_count_reception_change AFTER UPDATE OF received_on, deleted_at ON reception
  WHEN (OLD.received_on, OLD.deleted_at) IS NOT (NEW.received_on, NEW.deleted_at) BEGIN
  UPDATE day_count SET n = n - 1 WHERE what = 'reception' AND day = OLD.received_on AND OLD.deleted_at IS NULL;
  INSERT INTO day_count(what, day, n) SELECT 'reception', NEW.received_on, 1 WHERE NEW.deleted_at IS NULL
    ON CONFLICT DO UPDATE SET n = n + 1;
END;
CREATE TRIGGER day_count_reception_remove BEFORE DELETE ON reception WHEN OLD.deleted_at IS NULL BEGIN
  UPDATE day_count SET n = n - 1 WHERE what = 'reception' AND day = OLD.received_on;
END;

CREATE TABLE indicator (code TEXT PRIMARY KEY, name TEXT NOT NULL, count_unit TEXT NOT NULL) STRICT, WITHOUT ROWID;

CREATE TABLE figure (
  id INTEGER PRIMARY KEY,
  rev INTEGER NOT NULL DEFAULT 1,
  deleted_at TEXT,
  unit_id INTEGER REFERENCES unit(id), reporter TEXT,
  indicator TEXT NOT NULL, count_unit TEXT,
  period_from TEXT NOT NULL, period_to TEXT NOT NULL,
  value ANY NOT NULL, qualifier TEXT NOT NULL DEFAULT 'exact', denominator INTEGER, printed_rate TEXT,
  part_of_id INTEGER REFERENCES figure(id), part_kind TEXT,
  source TEXT, source_date TEXT, note TEXT
) STRICT;
-- newest first
CREATE INDEX figure_date ON figure(period_to);
-- figures of a unit
CREATE INDEX figure_unit ON figure(unit_id, period_to);
-- the parts of a total
CREATE INDEX figure_part ON figure(part_of_id) WHERE part_of_id IS NOT NULL;

-- Deadline rules (domain reference, annex B): data with validity, not code.
CREATE TABLE rule (
  id INTEGER PRIMARY KEY,
  code TEXT NOT NULL, type TEXT NOT NULL, level TEXT NOT NULL, complex TEXT NOT NULL, remote TEXT NOT NULL,
  valid_from TEXT, valid_to TEXT, kind TEXT NOT NULL, amount INTEGER NOT NULL, unit TEXT NOT NULL,
  start_event TEXT NOT NULL, source TEXT NOT NULL
) STRICT;
-- the rules of a code
CREATE INDEX rule_code ON rule(code);

CREATE TABLE calendar_day (
  date TEXT PRIMARY KEY, kind TEXT NOT NULL CHECK (kind IN ('holiday','day_off','working')),
  name TEXT NOT NULL, confirmed INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Years whose calendar the office has confirmed.
CREATE TABLE calendar_year (year INTEGER PRIMARY KEY, confirmed_at TEXT, who TEXT) STRICT;

-- Periods kept as reported: the counts of every rate, and the rows they stood on with what was known of them.
CREATE TABLE frozen_period (
  id INTEGER PRIMARY KEY, label TEXT NOT NULL, period_from TEXT NOT NULL, period_to TEXT NOT NULL,
  withdrawn INTEGER NOT NULL, at TEXT NOT NULL, who TEXT NOT NULL,
  UNIQUE (period_from, period_to)
) STRICT;
CREATE TABLE frozen_cell (
  frozen_id INTEGER NOT NULL REFERENCES frozen_period(id),
  measure TEXT NOT NULL, part TEXT NOT NULL, count INTEGER NOT NULL,
  PRIMARY KEY (frozen_id, measure, part)
) STRICT, WITHOUT ROWID;
-- cells: one bit for every cell the row was counted in; facts: its coded fields and dates as JSON, never a name
CREATE TABLE frozen_row (
  frozen_id INTEGER NOT NULL REFERENCES frozen_period(id),
  kind TEXT NOT NULL, record_id INTEGER NOT NULL, number TEXT, cells INTEGER NOT NULL, facts TEXT NOT NULL,
  PRIMARY KEY (frozen_id, kind, record_id)
) STRICT, WITHOUT ROWID;

-- Who changed what: one row a field, in the same transaction as the change.
CREATE TABLE audit (
  id INTEGER PRIMARY KEY,
  at TEXT NOT NULL, who TEXT NOT NULL,
  kind TEXT NOT NULL, record_id INTEGER NOT NULL, action TEXT NOT NULL,
  field TEXT, before TEXT, after TEXT, why TEXT, op INTEGER REFERENCES operation(id)
) STRICT;
-- the history of a record
CREATE INDEX audit_record ON audit(kind, record_id);
-- The log is append-only; only what would name the writer of a denunciation may be blanked (LTC Đ8.3).
CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit BEGIN SELECT raise(ABORT, 'history is append-only'); END;
CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit
WHEN NOT (NEW.id = OLD.id AND NEW.at = OLD.at AND NEW.who = OLD.who AND NEW.kind = OLD.kind
  AND NEW.record_id = OLD.record_id AND NEW.action = OLD.action AND NEW.field IS OLD.field AND NEW.op IS OLD.op
  AND NEW.before IS NULL AND NEW.after IS NULL
  AND ((NEW.field IN ('petitioner','address','visitor','asker') AND NEW.why IS OLD.why)
    OR (NEW.field = 'petition' AND NEW.why IS OLD.why AND EXISTS (SELECT 1 FROM petition p
      WHERE p.type = 'denunciation' AND CAST(p.id AS TEXT) IN (OLD.before, OLD.after)))
    OR (NEW.kind = 'petition' AND NEW.why IS NULL
      AND EXISTS (SELECT 1 FROM petition p WHERE p.id = NEW.record_id AND p.type = 'denunciation'))))
BEGIN SELECT raise(ABORT, 'history is append-only'); END;

-- What a work too long for one transaction still has to write (the setting long_work says which): rows of a file that are
-- taken already, in the order in which they are written. record: the one that a row changes, or has made; kept: others
-- of the file point to it, so that it stays, without its data, until all are written.
CREATE TABLE incoming (
  n INTEGER PRIMARY KEY, row INTEGER NOT NULL, record INTEGER, kept INTEGER NOT NULL, data BLOB NOT NULL
) STRICT;
-- whether a record is about to be changed
CREATE INDEX incoming_record ON incoming(record) WHERE record IS NOT NULL;

-- What forms have sent, by the token of the form: sending it again gives back the record instead of a second one.
CREATE TABLE sent (
  token TEXT PRIMARY KEY, kind TEXT NOT NULL, record_id INTEGER NOT NULL, at TEXT NOT NULL, who TEXT NOT NULL
) STRICT, WITHOUT ROWID;
-- tokens old enough to be forgotten
CREATE INDEX sent_at ON sent(at);

-- Find: folded words and marked words of each record; rowid = kind * 2^40 + id.
CREATE VIRTUAL TABLE search USING fts5(body, content='', contentless_delete=1, tokenize='ascii', detail=none, prefix='1 2 3 4 5 6');
-- Pieces of the index are put together eight at a time: at four, one save in a hundred waited six times as long for it.
INSERT INTO search(search, rank) VALUES ('automerge', 8);
-- Posts between the registers, at which every part of a question is held to match: what is in no row of a register is
-- not looked for beyond it.
INSERT INTO search(rowid, body) WITH RECURSIVE place(n) AS (VALUES (1) UNION ALL SELECT n + 1 FROM place WHERE n < 8)
  SELECT n << 40, char(1114109) FROM place;
-- Every marked word in use under its folded form: typed marks choose among these.
CREATE TABLE word (folded TEXT NOT NULL, canon TEXT NOT NULL, PRIMARY KEY (folded, canon)) STRICT, WITHOUT ROWID;
