//! Takes the viewer of the API's document out of the archive that its crate is, so that the binary has
//! it and nothing is fetched from elsewhere.

use std::borrow::Cow;
use std::error::Error;
use std::fs;
use std::io::{Cursor, Read, Seek, copy};
use std::path::Path;

use utoipa_swagger_ui_vendored::SWAGGER_UI_VENDORED;
use zip::ZipArchive;

/// What the page is made of; of the rest there is no need.
const PARTS: [&str; 2] = ["swagger-ui.css", "swagger-ui-bundle.js"];

/// Writes the parts into a folder.
pub(crate) fn unpack(folder: &Path) -> Result<(), Box<dyn Error>> {
    let mut archive = ZipArchive::new(Cursor::new(SWAGGER_UI_VENDORED))?;
    for part in PARTS {
        let name = full_name(&archive, part)?;
        let mut file = fs::File::create(folder.join(part))?;
        copy(&mut archive.by_name(&name)?, &mut file)?;
    }
    Ok(())
}

/// The archive's folder has the viewer's version in its name.
fn full_name<R: Read + Seek>(archive: &ZipArchive<R>, part: &str) -> Result<String, String> {
    let suffix = format!("/dist/{part}");
    let mut names = archive.file_names().filter_map(Result::ok);
    let name = names.find(|name| name.ends_with(&suffix));
    name.map(Cow::into_owned)
        .ok_or_else(|| format!("no {part} in the archive"))
}
