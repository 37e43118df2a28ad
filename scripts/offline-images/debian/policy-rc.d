#!/bin/sh
# A package's post-install script must not start its service while an image is built.
exit 101
