namespace Vsmtp.Smtp.Wire;

/// <summary>Bounds of one message, in octets without the dots of transparency.</summary>
internal readonly record struct DataLimits(long MessageBytes, int HeaderBytes, int LineBytes);
