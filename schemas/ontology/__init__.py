"""Events in the two schemes that users of event data know: CAMEO and PLOVER. The tables beside this module say how."""

from schemas.ontology.coding import coded
from schemas.ontology.sides import Sides, sides
from schemas.ontology.tables import CameoCode, PloverMode, cameo_codes, plover_modes

__all__ = ["CameoCode", "PloverMode", "Sides", "cameo_codes", "coded", "plover_modes", "sides"]
