namespace Vsmtp.Smtp.Tests.Support;

/// <summary>How what the client says comes out of the network.</summary>
public enum Arrival
{
    Whole,
    ByLine,
    ByOctet,
}
