"""The offline map page and the features of a view; owns folium and Leaflet."""

from barrierfree.map.features import Feature, features_json
from barrierfree.map.page import STATIC, MapData, page, prepare

__all__ = ["STATIC", "Feature", "MapData", "features_json", "page", "prepare"]
