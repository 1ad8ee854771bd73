//! What a file may ask of the machine at most.

/// Bytes of one row of a text file.
pub(super) const ROW: usize = 4 << 20;
/// Columns of a table.
pub(super) const COLUMNS: usize = 1024;
/// Letters of one cell; a spreadsheet allows 32,767.
pub(super) const CELL: usize = 1 << 20;
/// Members of a packed file.
pub(super) const MEMBERS: usize = 4_000;
/// Bytes of a packed file's members together, unpacked.
pub(super) const UNPACKED: u64 = 2 << 30;
/// How many times smaller a member may be packed before it counts as a bomb, from [`BOMB_FROM`] on.
pub(super) const RATIO: u64 = 200;
/// Bytes below which no ratio harms.
pub(super) const BOMB_FROM: u64 = 24 << 20;
/// Bytes that a child process may write.
pub(super) const OUTPUT: u64 = 4 << 30;
/// Address space of the child process.
pub(super) const MEMORY: u64 = 1536 << 20;
/// Seconds of the processor that the child may use.
pub(super) const SECONDS: u64 = 300;
