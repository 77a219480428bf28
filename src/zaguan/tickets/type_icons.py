"""Icons that a type may have: names of the lucide set, which settings/type.jinja brings into the sprite."""

ICONS = (
    *("ticket", "wrench", "hammer", "bug", "server-crash", "triangle-alert", "siren", "life-buoy"),
    *("shopping-cart", "package", "truck", "undo-2", "receipt", "credit-card", "banknote", "file-text"),
    *("clipboard-list", "calendar-check", "phone-call", "message-circle-question", "lightbulb", "thumbs-down", "star", "gift"),
    *("key-round", "shield-alert", "user-plus", "building-2", "map-pin", "plane", "car", "house"),
    *("printer", "laptop", "smartphone", "wifi-off", "plug", "zap", "droplets", "leaf"),
)  # fmt: skip
