namespace Vsmtp.Mail.Trace;

/// <summary>Under which TLS a mail came, as its trace tells.</summary>
/// <param name="Version">As <c>TLSv1.3</c>.</param>
/// <param name="Cipher">The suite's registered name, as <c>TLS_AES_256_GCM_SHA384</c>.</param>
public sealed record TlsTrace(string Version, string Cipher);
