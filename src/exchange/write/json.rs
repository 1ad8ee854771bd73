//! An object: the records, then what the file says of itself.
use super::{Facts, Row, Writer};
use std::fs::File;
use std::io::{self, BufWriter, Write};

pub(super) struct Json {
    out: BufWriter<File>,
    any: bool,
}

impl Json {
    pub(super) fn begin(file: File) -> io::Result<Self> {
        let mut out = BufWriter::new(file);
        out.write_all(b"{\"records\":[")?;
        Ok(Self { out, any: false })
    }
}

impl Writer for Json {
    fn row(&mut self, row: &Row) -> io::Result<()> {
        self.out.write_all(if self.any { b",\n" } else { b"\n" })?;
        self.any = true;
        Ok(serde_json::to_writer(&mut self.out, &row.record)?)
    }

    fn finish(mut self: Box<Self>, facts: &Facts) -> io::Result<()> {
        let told: serde_json::Map<String, serde_json::Value> = facts
            .iter()
            .map(|(key, _, text)| ((*key).to_owned(), text.as_str().into()))
            .collect();
        self.out.write_all(b"\n],\n\"exported\":")?;
        serde_json::to_writer_pretty(&mut self.out, &told)?;
        self.out.write_all(b"}\n")?;
        let file = self
            .out
            .into_inner()
            .map_err(io::IntoInnerError::into_error)?;
        file.sync_all()
    }
}
