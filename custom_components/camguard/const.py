"""Names that Home Assistant and its users hold on to (docs/ref/)."""

from homeassistant.const import Platform

DOMAIN = "camguard"
SUBENTRY_CAMERA = "camera"
SUBENTRY_COPY = "copy"
SUBENTRY_SITE = "site"
SUBENTRY_HOST = "host"
EVENT_CLIP = "camguard_clip"
"""Fired for Home Assistant's activity, once for each clip, failure and gap."""

PLATFORMS = [
    Platform.BINARY_SENSOR,
    Platform.BUTTON,
    Platform.CAMERA,
    Platform.EVENT,
    Platform.IMAGE,
    Platform.SENSOR,
    Platform.SWITCH,
    Platform.TODO,
]

CONF_OPERATOR_NAME = "operator_name"
CONF_CONTACT = "contact"
CONF_PURPOSE = "purpose"
CONF_RETENTION_DAYS = "retention_days"
CONF_STORAGE_PATH = "storage_path"
CONF_KEY_PATH = "key_path"
CONF_TAKEN_OVER = "taken_over"
CONF_CPU_PERCENT = "cpu_percent"
CONF_GB_A_DAY = "gb_a_day"
CONF_BACKLOG_MB = "backlog_mb"
CONF_MIN_FREE_GB = "min_free_gb"
CONF_VIEWERS = "viewers"
CONF_LEDGER_YEARS = "ledger_years"
CONF_REGISTER_YEARS = "register_years"

CONF_SOURCE = "source"
CONF_ADDRESS = "address"
CONF_USERNAME = "username"
CONF_PASSWORD = "password"  # noqa: S105 - a field's name
CONF_PLACE = "place"
CONF_MODE = "mode"
CONF_TRIGGERS = "triggers"
CONF_PRE_ROLL = "pre_roll"
CONF_POST_ROLL = "post_roll"
CONF_MAX_LENGTH = "max_length"
CONF_TRIGGER_MAX = "trigger_max"
CONF_SLEEPS = "sleeps"
CONF_STILL_INTERVAL = "still_interval"
CONF_RECORD_AUDIO = "record_audio"
MOTION = "motion"
"""Key of the sensor that tells what moves."""
CONF_MOTION = "motion"
CONF_MOTION_ENABLED = "enabled"
CONF_MOTION_TRIGGERS = "triggers"
CONF_MOTION_SENSITIVITY = "sensitivity"
CONF_MOTION_LEAST_HEIGHT = "least_height"
CONF_MOTION_LEAVE_OUT = "leave_out"
CONF_ZONES = "zones"
CONF_VIEW_IS_OWN_PREMISES = "view_is_own_premises"
CONF_REFERENCE = "reference"
"""[width, height] of the picture that the zones were confirmed on."""
CONF_CONFIRMED_AT = "confirmed_at"

CONF_NAME = "name"
CONF_PATH = "path"
CONF_KB_A_SECOND = "kb_a_second"
CONF_KIND = "kind"
CONF_ESCROW = "escrow"
CONF_TOKEN = "token"  # noqa: S105  # the name of a field
CONF_HOURS = "hours"
CONF_CODE = "code"
CONF_URL = "url"
CONF_VERIFY_SSL = "verify_ssl"
CONF_HOST = "host"
CONF_PORT = "port"
CONF_HOST_KEY = "host_key"
CONF_PRIVATE_KEY = "private_key"
CONF_PYTHON = "python"
CONF_ENGINE = "engine"
CONF_IMAGE = "image"
CONF_CONNECTION = "connection"
CONF_CONTEXT = "context"
CONF_NAMESPACE = "namespace"
CONF_DEPLOYMENT = "deployment"
CONF_ENDPOINT_URL = "endpoint_url"
CONF_REGION = "region"
CONF_BUCKET = "bucket"
CONF_PREFIX = "prefix"
CONF_ACCESS_KEY_ID = "access_key_id"
CONF_SECRET_ACCESS_KEY = "secret_access_key"  # noqa: S105  # the name of a field

CLIP_URL = "/api/camguard/clips"
DISCLOSURE_URL = "/api/camguard/disclosures"
CERTIFICATE_URL = "/api/camguard/certificates"
PAPER_URL = "/api/camguard/papers"
REGISTER_URL = "/api/camguard/registers"
LEDGER_URL = "/api/camguard/ledger.jsonl"
PANEL_PATH = "camguard"
