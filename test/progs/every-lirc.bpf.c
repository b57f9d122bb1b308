/* Decodes nothing: counts the pulses it is shown. */
#include "count.h"

PROGRAM("lirc_mode2", on_pulse, unsigned int, 0)
