-- The records of one generation of an index. Every table is a function of raw/: it may be deleted
-- and built again. Lists of small records (blocks, pieces, changes) are JSON: they are always read whole.
--
--   meta         layout, engine and digests of what the records were made from
--   collection   a folder of raw/: what its catalogue says of itself
--   work         every work that is held or catalogued; file is null where it is not held
--   provenance   where each raw file came from
--   report       what became of each raw file; basis is a digest of all that its outcome hangs on
--   document     the text of a held work, as shown, and what stands where in it; digest is of all of it,
--                wording of the text alone; chapters are the addresses that a table of contents names
--   passage      what search finds; start and end count characters of document.text
--   quotation    a quotation of an essay with its citation, its verdict and its pieces
--   place        where a quotation stands: rank 0 is the one compared, further ranks are equal places
--   entry        an entry of an essay's own list of sources
--   asked        what the citations of an essay asked of the works: they hold while the answers do

create table meta (key text primary key, value text not null) without rowid;

create table collection (
    name text primary key, title text not null, description text, licence text
) without rowid;

create table work (
    id text primary key,
    collection text not null references collection,
    kind text not null check (kind in ('essay', 'source')),
    title text not null, author text, year integer, date text, url text, also text not null,
    file text, parent text, aliases text not null, cited_by text not null,
    language text, licence text, note text, edition_of text,
    edition text, edition_year integer,
    words integer not null default 0
) without rowid;
create index work_parent on work (parent);
create index work_file on work (file);

create table provenance (
    file text primary key, sha256 text not null, size integer not null, added text not null,
    media_type text, url text, edition_of text, charset text
) without rowid;

create table report (
    file text primary key, status text not null, reason text not null, words integer not null, basis text
) without rowid;

create table document (
    work_id text primary key references work,
    text text not null, blocks text not null, anchors text not null, links text not null,
    quoted text not null, emphasis text not null,
    digest text not null, wording text not null, chapters text not null
);

create table passage (
    id text primary key, work_id text not null references work, start integer not null, "end" integer not null,
    locator text, speaker text
);
create index passage_work on passage (work_id, start);

create table quotation (
    id text primary key, essay_id text not null references work, start integer not null, "end" integer not null,
    text text not null, form text not null, parts text not null, attribution text,
    citation text,
    score real, in_cited_work integer, pieces text not null,
    verdict text not null, changes text not null, warnings text not null, reasons text not null, follows text,
    perhaps text
);
create index quotation_essay on quotation (essay_id, start);
create index quotation_verdict on quotation (verdict);

create table place (
    quotation_id text not null references quotation, rank integer not null,
    work_id text not null references work, start integer not null, "end" integer not null,
    primary key (quotation_id, rank)
) without rowid;
create index place_work on place (work_id, start);

create table entry (
    essay_id text not null references work, start integer not null, "end" integer not null, text text not null,
    author text, title text, year integer, url text, work_id text,
    primary key (essay_id, start)
) without rowid;

create table asked (essay_id text primary key references work, questions text not null);
