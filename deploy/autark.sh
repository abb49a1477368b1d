#!/bin/sh
# Starts the program of the image. Java takes its memory from what the container may have.
exec java -XX:-UsePerfData --enable-native-access=autark.chip \
    -p /opt/autark/modules -m autark.cli/autark.cli.Autark "$@"
