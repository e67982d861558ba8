# Tells the facts that a command of --on-down or --on-up is given.
echo "hook: $HEARTBEAT_TARGET $HEARTBEAT_FROM $HEARTBEAT_TO outage=$HEARTBEAT_OUTAGE_HIGH_S" >&2
