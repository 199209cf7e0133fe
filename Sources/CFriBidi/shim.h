#pragma once
#include <fribidi.h>

// Macros of casts and alternatives, which do not reach Swift.
static const FriBidiParType workmap_bidi_weak_left_to_right = FRIBIDI_PAR_WLTR;
static const FriBidiParType workmap_bidi_left_to_right = FRIBIDI_PAR_LTR;
static const FriBidiParType workmap_bidi_right_to_left = FRIBIDI_PAR_RTL;
static const FriBidiFlags workmap_bidi_arabic_forms = FRIBIDI_FLAG_SHAPE_ARAB_PRES | FRIBIDI_FLAG_SHAPE_ARAB_LIGA;
