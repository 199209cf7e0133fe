#pragma once
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <tiffio.h>

/* libtiff reads and writes fields through variable arguments, which Swift cannot pass: one function a shape of field. */

#define WORKMAP_TIFF_MESSAGE_LENGTH 512

/* Keeps the first message: later ones are its consequences. */
static inline int workmap_tiff_keep_message(TIFF *tiff, void *memory, const char *module, const char *format, va_list list) {
    (void)tiff;
    (void)module;
    char *text = (char *)memory;
    if (text[0] == 0) vsnprintf(text, WORKMAP_TIFF_MESSAGE_LENGTH, format, list);
    return 1;
}

static inline int workmap_tiff_drop_message(TIFF *tiff, void *memory, const char *module, const char *format, va_list list) {
    (void)tiff;
    (void)memory;
    (void)module;
    (void)format;
    (void)list;
    return 1;
}

/* `message` has WORKMAP_TIFF_MESSAGE_LENGTH bytes and lives as long as the handle; no single allocation exceeds `limit`. */
static inline TIFF *workmap_tiff_open(const char *path, const char *mode, int64_t limit, char *message) {
    TIFFOpenOptions *options = TIFFOpenOptionsAlloc();
    if (!options) return NULL;
    TIFFOpenOptionsSetMaxSingleMemAlloc(options, limit);
    TIFFOpenOptionsSetErrorHandlerExtR(options, workmap_tiff_keep_message, message);
    TIFFOpenOptionsSetWarningHandlerExtR(options, workmap_tiff_drop_message, NULL);
    TIFF *tiff = TIFFOpenExt(path, mode, options);
    TIFFOpenOptionsFree(options);
    return tiff;
}

static inline int workmap_tiff_get_16(TIFF *tiff, uint32_t tag, uint16_t *value) {
    return TIFFGetFieldDefaulted(tiff, tag, value);
}

static inline int workmap_tiff_get_32(TIFF *tiff, uint32_t tag, uint32_t *value) {
    return TIFFGetField(tiff, tag, value);
}

static inline int workmap_tiff_get_extra_samples(TIFF *tiff, uint16_t *count, const uint16_t **kinds) {
    return TIFFGetField(tiff, TIFFTAG_EXTRASAMPLES, count, kinds);
}

static inline int workmap_tiff_get_colours(TIFF *tiff, const uint16_t **red, const uint16_t **green, const uint16_t **blue) {
    return TIFFGetField(tiff, TIFFTAG_COLORMAP, red, green, blue);
}

/* For fields that libtiff does not know: they come with their count. */
static inline int workmap_tiff_get_values(TIFF *tiff, uint32_t tag, uint32_t *count, const void **values, int *type) {
    const TIFFField *field = TIFFFindField(tiff, tag, TIFF_ANY);
    if (!field || !TIFFFieldPassCount(field) || TIFFFieldReadCount(field) != TIFF_VARIABLE2) return 0;
    *type = TIFFFieldDataType(field);
    return TIFFGetField(tiff, tag, count, values);
}

static inline int workmap_tiff_set_number(TIFF *tiff, uint32_t tag, uint32_t value) {
    return TIFFSetField(tiff, tag, value);
}

static inline int workmap_tiff_set_extra_sample(TIFF *tiff, uint16_t kind) {
    return TIFFSetField(tiff, TIFFTAG_EXTRASAMPLES, 1, &kind);
}

static inline int workmap_tiff_set_values(TIFF *tiff, uint32_t tag, uint32_t count, const void *values) {
    return TIFFSetField(tiff, tag, count, values);
}

/* Lets a handle that writes know the fields of GeoTIFF. */
static inline int workmap_tiff_declare_geo_fields(TIFF *tiff) {
    static const TIFFFieldInfo fields[] = {
        {33550, TIFF_VARIABLE2, TIFF_VARIABLE2, TIFF_DOUBLE, FIELD_CUSTOM, 1, 1, (char *)"ModelPixelScale"},
        {33922, TIFF_VARIABLE2, TIFF_VARIABLE2, TIFF_DOUBLE, FIELD_CUSTOM, 1, 1, (char *)"ModelTiepoint"},
        {34264, TIFF_VARIABLE2, TIFF_VARIABLE2, TIFF_DOUBLE, FIELD_CUSTOM, 1, 1, (char *)"ModelTransformation"},
        {34735, TIFF_VARIABLE2, TIFF_VARIABLE2, TIFF_SHORT, FIELD_CUSTOM, 1, 1, (char *)"GeoKeyDirectory"},
        {42113, TIFF_VARIABLE2, TIFF_VARIABLE2, TIFF_ASCII, FIELD_CUSTOM, 1, 1, (char *)"GDALNoData"},
    };
    return TIFFMergeFieldInfo(tiff, fields, sizeof fields / sizeof fields[0]);
}
