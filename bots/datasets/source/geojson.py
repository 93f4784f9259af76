"""GeoJSON (RFC 7946): a FeatureCollection, of which each feature is a record."""

from __future__ import annotations

import re
from typing import Any

from bots.datasets.facts import Fault
from bots.datasets.source.faults import SourceError, error, fault

FEATURES, GEOMETRY, ID = "features", "geometry", "id"

_COLLECTION = "FeatureCollection"
_NESTED = "GeometryCollection"
_GEOMETRIES = frozenset(
    {"Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon", _NESTED}
)
_DEGREES = re.compile(r"(?:.*[:/])?(?:CRS:?84|(?:EPSG:+|EPSG/0/)?4326)", re.IGNORECASE)
"""What files from before RFC 7946 call degrees by longitude and latitude."""


def check_member(name: str, value: Any) -> None:
    """Look at a member of the collection that is no feature.

    Raises `SourceError`: it is no FeatureCollection, or its coordinates are not in degrees.
    """
    if name == "type" and value != _COLLECTION:
        raise no_collection(value)
    if name == "crs" and value is not None:
        told = value.get("properties") if isinstance(value, dict) else None
        said = told.get("name") if isinstance(told, dict) else None
        if not isinstance(said, str) or not _DEGREES.fullmatch(said):
            raise error("geojson-crs", crs=str(said or value))


def no_collection(value: object = None) -> SourceError:
    """The whole text is something else."""
    return error("geojson-shape", kind=str(value or "–"))


def record_of(feature: Any) -> dict[str, Any] | Fault:
    """A feature as a record: its properties, its `geometry`, and its `id` if no property is."""
    if not isinstance(feature, dict) or feature.get("type") != "Feature":
        kind = feature.get("type") if isinstance(feature, dict) else type(feature).__name__
        return fault("geojson-feature", kind=str(kind or "–"))
    properties = feature.get("properties")
    if properties is None:
        properties = {}
    if not isinstance(properties, dict):
        return fault("geojson-properties", kind=type(properties).__name__)
    if GEOMETRY in properties:
        return fault("property-double", name=GEOMETRY)
    geometry = feature.get(GEOMETRY)
    if geometry is not None and not _is_geometry(geometry):
        return fault("geojson-geometry")
    record = {**properties, GEOMETRY: geometry}
    return {ID: feature[ID], **record} if ID in feature else record


def _is_geometry(geometry: Any) -> bool:
    kind = geometry.get("type") if isinstance(geometry, dict) else None
    if not isinstance(kind, str) or kind not in _GEOMETRIES:
        return False
    held = "geometries" if kind == _NESTED else "coordinates"
    return isinstance(geometry.get(held), list)
