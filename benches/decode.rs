//! The floor: how long it takes to decode columns of a Parquet file with the `parquet` crate and to do nothing with them.
//!
//! `cargo bench --bench decode -- FILE THREADS COLUMN...` prints seconds. Texts that lie in dictionaries are left as the
//! numbers of their entries, as the program reads them.
#![expect(clippy::disallowed_methods, clippy::print_stdout, reason = "it takes the time, and says it")]

use arrow_schema::{DataType, Field, Schema};
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReaderBuilder};
use std::error::Error;
use std::fs::File;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

fn main() -> Result<(), Box<dyn Error>> {
    let mut asked = std::env::args().skip(1).filter(|argument| argument != "--bench");
    let (Some(path), Some(threads)) = (asked.next(), asked.next()) else {
        // `cargo test --benches` asks for nothing.
        return Ok(());
    };
    let columns: Vec<String> = asked.collect();
    let threads: usize = threads.parse()?;
    let start = Instant::now();
    let loaded = ArrowReaderMetadata::load(&File::open(&path)?, ArrowReaderOptions::new())?;
    let in_dictionaries = |field: &Arc<Field>| match field.data_type() {
        DataType::Utf8 => {
            let kind = DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8));
            Arc::new(field.as_ref().clone().with_data_type(kind))
        }
        _ => Arc::clone(field),
    };
    let schema = Schema::new(loaded.schema().fields().iter().map(in_dictionaries).collect::<Vec<_>>());
    let options = ArrowReaderOptions::new().with_schema(Arc::new(schema));
    let metadata = ArrowReaderMetadata::try_new(Arc::clone(loaded.metadata()), options)?;
    let mask = ProjectionMask::columns(metadata.parquet_schema(), columns.iter().map(String::as_str));
    let (next, rows) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let groups = metadata.metadata().num_row_groups();
    std::thread::scope(|scope| {
        let work = || -> Result<(), Box<dyn Error + Send + Sync>> {
            loop {
                let group = next.fetch_add(1, Ordering::Relaxed);
                if group >= groups {
                    return Ok(());
                }
                let reader = ParquetRecordBatchReaderBuilder::new_with_metadata(File::open(&path)?, metadata.clone())
                    .with_row_groups(vec![group])
                    .with_projection(mask.clone())
                    .with_batch_size(1 << 12)
                    .build()?;
                for batch in reader {
                    rows.fetch_add(batch?.num_rows(), Ordering::Relaxed);
                }
            }
        };
        let threads: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        threads.into_iter().try_for_each(|thread| thread.join().map_err(|_| "a thread panicked")?)
    })
    .map_err(|error: Box<dyn Error + Send + Sync>| error as Box<dyn Error>)?;
    println!("{:.3} s, {} rows", start.elapsed().as_secs_f64(), rows.load(Ordering::Relaxed));
    Ok(())
}
