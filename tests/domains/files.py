"""Files as partners have them, for `hubbot dataset new`; all that is in them is made up."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

MUSEUMS = """\
isil,name,type,founded,lat,lon,website,visitors,email
XE-1001,Harbour Museum,museum,12.5.1887,55.6050,13.0038,https://harbour.example/,"41,200",info@harbour.example
XE-1002,Town Archive,archive,1921,55.7047,13.1910,https://archive.example/,,
XE-1003,Mill Library,library,1.9.1934,55.8708,12.8302,www.mill.example,"8,310",mill@mill.example
XE-1004,Kiln House,ecomuseum,n/a,56.0465,12.6945,https://kiln.example/,"2,050",
"""


def museums(folder: Path) -> Path:
    """CSV with commas, as a spreadsheet in English writes it."""
    path = folder / "museums.csv"
    path.write_text(MUSEUMS, encoding="utf-8")
    return path


def buildings(folder: Path) -> Path:
    """Semicolons, Windows' letters and decimal commas, as a spreadsheet in Swedish writes it."""
    path = folder / "Byggnader i länet.txt"
    rows = [
        f"{n};Kyrka på höjden {n};Lund;{1200 + n};55,70{n};13,19{n};raa/bbr/2130000000{n};{n} km"
        for n in range(10, 22)
    ]
    head = "Nummer;Benämning;Kommun;Byggår;Breddgrad;Längdgrad;K-samsök;avstånd"
    path.write_text("\n".join([head, *rows]) + "\n", encoding="cp1252")
    return path


def organisations(folder: Path) -> Path:
    """JSON whose records lie in an object, gzipped, with identifiers as addresses."""
    items = [
        {
            "id": number,
            "wikidata": f"http://www.wikidata.org/entity/Q{number}",
            "ror": f"https://ror.org/0{ending}",
            "name": {"sv": f"Högskola {number}", "en": f"College {number}"},
            "country": country,
            "links": [f"https://college{number}.example/"],
            "established": 1900 + number,
            "relations": [{"to": 1}],
        }
        for number, ending, country in (
            (1, "5a28rw58", "SE"),
            (2, "48a87296", "SE"),
            (3, "1tm6cn81", "NO"),
        )
    ]
    path = folder / "organisations.json.gz"
    path.write_bytes(gzip.compress(json.dumps({"meta": 1, "items": items}).encode()))
    return path


def monuments(folder: Path) -> Path:
    """GeoJSON, whose names and years lie in `properties`."""
    features = [
        {
            "type": "Feature",
            "id": f"M{number}",
            "geometry": {"type": "Point", "coordinates": [4.1 + number / 100, 52.3]},
            "properties": {
                "rijksmonument": str(500 + number),
                "naam": f"Huis {number}",
                "bouwjaar": f"17{number:02}",
                "image": f"File:Huis {number}.jpg",
            },
        }
        for number in range(1, 5)
    ]
    path = folder / "monuments.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    return path


def broken(folder: Path) -> Path:
    """What a server sends in place of a file."""
    path = folder / "broken.csv"
    path.write_text("<!DOCTYPE html>\n<title>404</title>")
    return path
