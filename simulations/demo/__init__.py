"""The whole daemon against the emulated PBX: to be looked at, and to be measured."""
