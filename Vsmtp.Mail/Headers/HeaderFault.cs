namespace Vsmtp.Mail.Headers;

/// <summary>Why an edit of a header block was not made.</summary>
public enum HeaderFault
{
    /// <summary>It was made.</summary>
    None,

    /// <summary>The name is empty or has an octet that is no ftext (RFC 5322 §3.6.8).</summary>
    BadName,

    /// <summary>The value has a CR, LF or NUL: it would smuggle in a field or the end of the header section.</summary>
    BadValue,

    /// <summary>No field has the name.</summary>
    NotFound,

    /// <summary>The field that is there breaks the rules of its kind, so that a change could damage it.</summary>
    Unreadable,
}
