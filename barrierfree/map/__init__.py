"""The offline map page and the features of a view; owns folium and Leaflet."""

from barrierfree.map.features import Content, Feature, content_json, features_json
from barrierfree.map.page import STATIC, MapData, page, prepare

__all__ = ["STATIC", "Content", "Feature", "MapData", "content_json", "features_json", "page", "prepare"]
