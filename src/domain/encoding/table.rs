//! What the bytes of the encodings before Unicode stand for.

/// TCVN 5712:1993 in its three-part form («ABC», fonts .Vn…), from byte 0xA1; a blank is no letter. Capitals with tones
/// were made by fonts of capitals only (.VnTimeH).
pub(super) const TCVN3: &str = "\
ĂÂÊÔƠƯĐăâêôơưđ      àảãáạ ằẳẵắ       ặầẩẫấậè ẻẽéẹềểễếệìỉ   ĩíịò ỏõóọồổỗốộờởỡớợù ủũúụừửữứựỳỷỹýỵ";

/// VISCII (RFC 1456), from byte 0x80.
pub(super) const VISCII: &str = "\
ẠẮẰẶẤẦẨẬẼẸẾỀỂỄỆỐỒỔỖỘỢỚỜỞỊỎỌỈỦŨỤỲÕắằặấầẩậẽẹếềểễệốồổỗỠƠộờởịỰỨỪỬơớƯ\
ÀÁÂÃẢĂẳẵÈÉÊẺÌÍĨỳĐứÒÓÔạỷừửÙÚỹỵÝỡưàáâãảăữẫèéêẻìíĩỉđựòóôõỏọụùúũủýợỮ";

/// The six letters of VISCII below the blank.
pub(super) const VISCII_LOW: [(u8, char); 6] = [
    (0x02, 'Ẳ'),
    (0x05, 'Ẵ'),
    (0x06, 'Ẫ'),
    (0x14, 'Ỷ'),
    (0x19, 'Ỹ'),
    (0x1E, 'Ỵ'),
];

/// Letters of VNI-Windows that are one byte.
pub(super) const VNI_LETTERS: [(u8, char); 16] = [
    (0xC6, 'Ỉ'),
    (0xCC, 'Ì'),
    (0xCD, 'Í'),
    (0xCE, 'Ỵ'),
    (0xD1, 'Đ'),
    (0xD2, 'Ị'),
    (0xD3, 'Ĩ'),
    (0xD4, 'Ơ'),
    (0xD6, 'Ư'),
    (0xE6, 'ỉ'),
    (0xEC, 'ì'),
    (0xED, 'í'),
    (0xEE, 'ỵ'),
    (0xF1, 'đ'),
    (0xF2, 'ị'),
    (0xF3, 'ĩ'),
];

/// The two of them that a tone may follow.
pub(super) const VNI_HORNED: [(u8, char); 2] = [(0xF4, 'ơ'), (0xF6, 'ư')];

/// Marks of VNI-Windows behind a small letter, as combining marks; capitals bear the same ones 0x20 lower.
pub(super) const VNI_MARKS: [(u8, &str); 17] = [
    (0xE0, "\u{302}\u{300}"),
    (0xE1, "\u{302}\u{301}"),
    (0xE2, "\u{302}"),
    (0xE3, "\u{302}\u{303}"),
    (0xE4, "\u{302}\u{323}"),
    (0xE5, "\u{302}\u{309}"),
    (0xE8, "\u{306}\u{300}"),
    (0xE9, "\u{306}\u{301}"),
    (0xEA, "\u{306}"),
    (0xEB, "\u{306}\u{323}"),
    (0xEF, "\u{323}"),
    (0xF5, "\u{303}"),
    (0xF8, "\u{300}"),
    (0xF9, "\u{301}"),
    (0xFA, "\u{306}\u{309}"),
    (0xFB, "\u{309}"),
    (0xFC, "\u{306}\u{303}"),
];

/// Where windows-1258 differs from windows-1252.
pub(super) const CP1258: [(u8, char); 14] = [
    (0xC3, 'Ă'),
    (0xCC, '\u{300}'),
    (0xD0, 'Đ'),
    (0xD2, '\u{309}'),
    (0xD5, 'Ơ'),
    (0xDD, 'Ư'),
    (0xDE, '\u{303}'),
    (0xE3, 'ă'),
    (0xEC, '\u{301}'),
    (0xF0, 'đ'),
    (0xF2, '\u{323}'),
    (0xF5, 'ơ'),
    (0xFD, 'ư'),
    (0xFE, '₫'),
];

/// Bytes 0x80 to 0x9F of windows-1252; a blank is no character.
pub(super) const CP1252: &str = "€ ‚ƒ„…†‡ˆ‰Š‹Œ Ž  ‘’“”•–—˜™š›œ žŸ";
