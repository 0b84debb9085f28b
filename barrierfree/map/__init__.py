"""The offline map page and the features of a view and of files of the user; owns folium and Leaflet."""

from barrierfree.map.features import Content, Feature, content_json, features_json
from barrierfree.map.layers import Layer, read_layer
from barrierfree.map.page import STATIC, MapData, page, prepare

__all__ = [
    "STATIC",
    "Content",
    "Feature",
    "Layer",
    "MapData",
    "content_json",
    "features_json",
    "page",
    "prepare",
    "read_layer",
]
