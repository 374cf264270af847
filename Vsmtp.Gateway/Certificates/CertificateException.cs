namespace Vsmtp.Gateway.Certificates;

/// <summary>A certificate cannot be served. The message names the key of the configuration and the file.</summary>
internal sealed class CertificateException(string message, Exception? inner = null) : Exception(message, inner);
