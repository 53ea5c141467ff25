"""What can be fuzzed, and the modules whose branches guide the search. It imports nothing of ours: see guided.py."""

#: Searched by bytes; the API is searched by its description.
GUIDES: dict[str, tuple[str, ...]] = {
    "callback": (
        "handlers.wechat", "app.rules.reception", "app.rules.intake", "app.rules.words", "app.rules.place_words",
        "app.rules.subscription", "app.rules.media", "app.rules.inbound", "app.rules.conversation", "xmltodict",
    ),
    "upload": (
        "app.rules.photo_image", "app.rules.photo_worker", "PIL.JpegImagePlugin", "PIL.PngImagePlugin",
        "PIL.WebPImagePlugin", "PIL.TiffImagePlugin", "pillow_heif.as_plugin", "pillow_heif.heif",
    ),
    "voice": ("app.rules.sound",),
}  # fmt: skip
NAMES = ("callback", "upload", "voice", "api")
