namespace Vsmtp.Cli.Privileges;

/// <summary>The server cannot become whom it is to be; the message is for the operator.</summary>
internal sealed class PrivilegeException : Exception
{
    public PrivilegeException(string message)
        : base(message)
    {
    }

    public PrivilegeException(string message, Exception cause)
        : base(message, cause)
    {
    }
}
